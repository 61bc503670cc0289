import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The file cannot be written; the message is one sentence. */
export class OutputFileError extends Error {
  override readonly name = 'OutputFileError';
}

/**
 * Gives `path` the content that `work` writes once all of it is there and flushed; until then, and when `work` throws, what
 * stood at `path` stays.
 * @throws OutputFileError when the folder takes no file; whatever `work` throws
 */
export const writeFileWhole = async <T>(path: string, work: (write: (text: string) => Promise<void>) => Promise<T>): Promise<T> => {
  const unfinished = join(dirname(path), `.${basename(path)}.unfinished-${randomUUID()}`);
  const file = await atFile(path, () => open(unfinished, 'wx'));
  try {
    const result = await writeAndClose(file, path, work);
    await atFile(path, () => rename(unfinished, path));
    return result;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
};

const writeAndClose = async <T>(file: FileHandle, path: string, work: (write: (text: string) => Promise<void>) => Promise<T>): Promise<T> => {
  try {
    const result = await work((text) => atFile(path, () => file.writeFile(text)));
    await atFile(path, () => file.sync());
    return result;
  } finally {
    await file.close();
  }
};

const atFile = async <T>(path: string, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (cause) {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new OutputFileError(`The file ${path} cannot be written (${code}): name one in a folder that exists and takes files.`, { cause });
  }
};
