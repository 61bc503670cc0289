import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { noCrash } from '../crash-point.ts';
import type { CrashPoint } from '../crash-point.ts';
import { TransientError, findErrorCode } from '../errors.ts';
import type { ArtefactStore } from './artefact-store.ts';

/** Artefacts as files under one folder: a key is the path below it. */
export const openFolderArtefacts = async (folder: string, crashPoint: CrashPoint = noCrash): Promise<ArtefactStore> => {
  await mkdir(folder, { recursive: true });
  const pathOf = (key: string): string => join(folder, ...checkedSegments(key));
  const find = async (key: string): Promise<Uint8Array | null> => {
    try {
      return await readFile(pathOf(key));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  return {
    find,
    read: async (key) => {
      const bytes = await find(key);
      if (bytes === null)
        throw new TransientError('service-unavailable', {
          fr: `L’artefact ${key} n’est pas (encore) là.`,
          en: `The artefact ${key} is not there (yet).`,
        });
      return bytes;
    },
    write: (key, bytes) => writeWhole(pathOf(key), bytes, crashPoint),
    localPath: (key) => Promise.resolve(pathOf(key)),
    removeFolder: (key) => rm(pathOf(key), { recursive: true, force: true }),
    list: async (prefix) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith(unfinished))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((key) => key.startsWith(prefix))
        .toSorted();
    },
  };
};

/** Files under this name were cut short; no key begins with a dot, so they are never read. */
const unfinished = '.unfinished-';

/** Keys come from manifests and events too: nothing that leaves the folder, nothing hidden. */
const checkedSegments = (key: string): readonly string[] => {
  const segments = key.split('/');
  if (segments.some((segment) => !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(segment)))
    throw new Error(`Not an artefact key: ${JSON.stringify(key.slice(0, 200))}`);
  return segments;
};

/** A temporary file beside the target, flushed, renamed, and the folder flushed: old bytes or new ones, nothing between. */
const writeWhole = async (path: string, bytes: Uint8Array, crashPoint: CrashPoint): Promise<void> => {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `${unfinished}${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    crashPoint('before-rename');
    await rename(temporary, path);
    crashPoint('after-rename');
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
};

/** By its code alone: in Jest, errors of Node come from another realm than this module's `Error`. */
const isMissing = (error: unknown): boolean => findErrorCode(error) === 'ENOENT';
