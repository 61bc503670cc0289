import { findErrorCode } from '../errors.ts';

/** The state folder cannot be used; the message is one sentence with the way out. */
export class StateFolderError extends Error {
  override readonly name = 'StateFolderError';
}

/** What the operating system says about a folder, by its code, and the way out. */
const refusals: Readonly<Record<string, string>> = {
  EEXIST: 'is not a folder: move that file away, or set LISIBLE_HOME to another folder',
  ENOTDIR: 'lies below something that is not a folder: set LISIBLE_HOME to another folder',
  EACCES: 'may not be written by this account: give it the right to, or set LISIBLE_HOME to another folder',
  EPERM: 'may not be written by this account: give it the right to, or set LISIBLE_HOME to another folder',
  EROFS: 'is on a read-only disk: set LISIBLE_HOME to a folder that can be written',
  ENOSPC: 'is on a full disk: make room there, or set LISIBLE_HOME to a folder on another disk',
  EDQUOT: 'is on a full disk: make room there, or set LISIBLE_HOME to a folder on another disk',
  ELOCKED: 'is being taken by another process at this moment: try again, or set LISIBLE_HOME to another folder',
};

/** Does what touches the state folder. @throws StateFolderError where the operating system refuses for a reason a person can remove */
export const inStateFolder = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (cause) {
    const refusal = refusals[findErrorCode(cause) ?? ''];
    if (refusal === undefined) throw cause;
    throw new StateFolderError(`The state folder ${folder} ${refusal}.`, { cause });
  }
};
