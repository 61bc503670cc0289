import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findErrorCode } from '../errors.ts';
import { StateFolderError } from './state-folder-error.ts';

/**
 * A folder and those above it, made one by one: Node's own recursive mkdir never comes back from a place such as /proc, where the
 * operating system answers that the folder above is missing although it is there. @throws StateFolderError in such a place
 */
export const makeFolder = async (folder: string, wanted = folder): Promise<void> => {
  const above = dirname(folder);
  if (above !== folder && !existsSync(above)) await makeFolder(above, wanted);
  await makeOne(folder, wanted);
};

const makeOne = async (folder: string, wanted: string): Promise<void> => {
  try {
    await mkdir(folder);
  } catch (cause) {
    if (findErrorCode(cause) === 'EEXIST' && (await isFolder(folder))) return;
    if (findErrorCode(cause) !== 'ENOENT') throw cause;
    throw new StateFolderError(`The state folder ${wanted} cannot be made there: set LISIBLE_HOME to another folder.`, { cause });
  }
};

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // A link that leads nowhere.
    return false;
  }
};
