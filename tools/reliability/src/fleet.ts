import type { Role, ServiceName } from '@lisible/contracts';

export interface FleetProcess {
  readonly service: ServiceName;
  /** From 0. */
  readonly replica: number;
  readonly pid: number;
  /** `http://host:port` */
  readonly url: string;
}

/** The platform as separate processes, as `startDistributed` of tools/runner hands it over; nobody but us restarts what dies. */
export interface Fleet {
  /** Those that were started and not ended by us; whether each still lives is another question. */
  readonly processes: readonly FleetProcess[];
  readonly gatewayUrls: readonly string[];
  token(role: Role): Promise<string>;
  kill(pid: number, signal: NodeJS.Signals): void | Promise<void>;
  /** Starts a replica again at its own address; resolves once it was started, not once it is ready. */
  respawn(service: ServiceName, replica: number, environment?: Readonly<Record<string, string>>): Promise<unknown>;
  stop(): Promise<unknown>;
}

export const nameOf = ({ service, replica }: Pick<FleetProcess, 'service' | 'replica'>): string => `${service}-${replica}`;

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

export const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) })).ok;
  } catch {
    return false;
  }
};
