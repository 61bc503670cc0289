import { DemoIssuerError } from '@lisible/demo-issuer';
import { DatabaseEndedError, EnvironmentError, StateFolderError } from '@lisible/platform';
import { StartError } from './settings.ts';

/** What a person at the terminal reads: the sentence of an error that has one, else the error as a defect of ours. */
export const oneSentence = (error: unknown): string => {
  if (error instanceof StartError || error instanceof StateFolderError || error instanceof EnvironmentError || error instanceof DemoIssuerError)
    return error.message;
  if (error instanceof DatabaseEndedError) return `${error.message}; nothing that was acknowledged is lost: start Lisible again.`;
  return `Lisible stopped on a defect of its own; please report it with these lines.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
};

/** Runs a command: exit code 1 and one sentence when it fails. */
export const runCommand = (command: () => Promise<void>): void => {
  command().catch((error: unknown) => {
    process.stderr.write(`${oneSentence(error)}\n`);
    process.exitCode = 1;
  });
};
