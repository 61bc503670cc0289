import type { ArtefactStore } from './artefact-store.ts';

/** Artefacts as files under one folder. */
export const openFolderArtefacts = (folder: string): Promise<ArtefactStore> => Promise.reject(new Error(folder));
