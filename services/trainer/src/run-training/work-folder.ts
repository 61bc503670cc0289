import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artefactKeys, modelFiles, snapshotFiles } from '@lisible/contracts';
import type { ArtefactStore } from '@lisible/platform';

const prefix = 'lisible-training-';

/** Where a training process writes; its owner's process id is in the name, so that a folder left by a killed one is known as such. */
export const createWorkFolder = (): Promise<string> => mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));

export const removeWorkFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** Removes what killed processes left. */
export const removeAbandonedWorkFolders = async (): Promise<void> => {
  const abandoned = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length).split('-')[0])));
  await Promise.all(abandoned.map((name) => removeWorkFolder(join(tmpdir(), name))));
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/**
 * Copies what a training wrote into the artefact store. The record that makes each half whole (snapshot.json, manifest.json)
 * goes last, and nothing points to either before the registry does: a crash in between leaves files that nobody reads, which
 * `removeHalfWritten` clears away.
 */
export const storeArtefacts = async (
  artefacts: ArtefactStore,
  workDir: string,
  { snapshotId, modelVersion }: { readonly snapshotId: string; readonly modelVersion: string },
): Promise<void> => {
  const copy = async (folder: string, last: string, keyOf: (name: string) => string): Promise<void> => {
    const names = await readdir(join(workDir, folder));
    for (const name of [...names.filter((candidate) => candidate !== last), last])
      await artefacts.write(keyOf(name), await readFile(join(workDir, folder, name)));
  };
  // A version or snapshot that is whole already has the same content by its name, and may be in use.
  if ((await artefacts.find(artefactKeys.snapshot(snapshotId, snapshotFiles.snapshot))) === null)
    await copy('snapshot', snapshotFiles.snapshot, (name) => artefactKeys.snapshot(snapshotId, name));
  if ((await artefacts.find(artefactKeys.model(modelVersion, modelFiles.manifest))) === null)
    await copy('model', modelFiles.manifest, (name) => artefactKeys.model(modelVersion, name));
};

/** Clears away snapshots and models without the record that makes them whole. Not to be called while another training stores its own. */
export const removeHalfWritten = async (artefacts: ArtefactStore): Promise<void> => {
  const halves = [
    { keyOf: artefactKeys.snapshot, last: snapshotFiles.snapshot },
    { keyOf: artefactKeys.model, last: modelFiles.manifest },
  ];
  for (const { keyOf, last } of halves) {
    const [root = ''] = keyOf('', '').split('/');
    const keys = await artefacts.list(`${root}/`);
    // Pointers stand beside the folders.
    const names = new Set(keys.map((key) => key.split('/')).flatMap(([, name = '', ...rest]) => (rest.length > 0 ? [name] : [])));
    for (const name of names) if (!keys.includes(keyOf(name, last))) await artefacts.removeFolder(`${root}/${name}`);
  }
};
