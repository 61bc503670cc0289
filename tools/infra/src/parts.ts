/** What the platform needs beside itself, in the order in which it is listed. */
export const partNames = ['kafka', 'postgresql', 'redis'] as const;
export type PartName = (typeof partNames)[number];

/** Somebody else's (named by the environment), a container's, or a process that this tool started from local packages. */
export type PartSource = 'environment' | 'compose' | 'local';

export const environmentVariables = { kafka: 'KAFKA_BROKERS', postgresql: 'DATABASE_URL', redis: 'REDIS_URL' } as const satisfies Record<
  PartName,
  string
>;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface PartStatus {
  readonly name: PartName;
  /** Null when nothing names it and nothing was started. */
  readonly source: PartSource | null;
  /** Without user and password; null without a source. */
  readonly address: string | null;
  /** What the part itself says; null when it does not answer. */
  readonly version: string | null;
  readonly isUp: boolean;
  /** Why it is down, in one sentence; null when it is up. */
  readonly problem: string | null;
}

/** The address of a connection string, fit for a log: without user, password and parameters. */
export function withoutCredentials(name: PartName, connection: string): string {
  if (name === 'kafka') return connection;
  if (!URL.canParse(connection)) return 'unreadable address';
  const { host, pathname } = new URL(connection);
  return `${host}${pathname === '/' ? '' : pathname}`;
}

export const messageOf = (error: unknown): string => (error instanceof Error && error.message !== '' ? error.message : String(error));
