import type { PartSource } from './parts.ts';

export interface SourceFacts {
  /** Value of the part's environment variable. */
  readonly named: string | undefined;
  /** What this tool prints for that variable when it starts the part itself; null before it ever did. */
  readonly own: string | null;
  /** How this tool started the part; null when it did not, or took it down. */
  readonly startedBy: 'compose' | 'local' | null;
  /** Asked only where it decides. */
  readonly hasEngine: () => Promise<boolean>;
}

/**
 * Whether the environment names somebody else's part. A shell that holds the lines of an earlier `up` names our own, which may
 * have to be started again.
 */
export const namesAnother = (named: string | undefined, own: string | null): named is string => named !== undefined && named !== '' && named !== own;

/**
 * Where a part comes from: what the environment names, else what was started before, else Docker Compose, else local packages.
 */
export async function chooseSource({ named, own, startedBy, hasEngine }: SourceFacts): Promise<PartSource> {
  if (namesAnother(named, own)) return 'environment';
  if (startedBy !== null) return startedBy;
  return (await hasEngine()) ? 'compose' : 'local';
}
