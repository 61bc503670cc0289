/** The state folder cannot be used; the message is one sentence with the way out. */
export class StateFolderError extends Error {
  override readonly name = 'StateFolderError';
}

export interface StateFolderLock {
  release(): Promise<void>;
}

/** Makes this process the owner of the state folder. A lock left by a killed process is taken over. @throws StateFolderError when another process owns it. */
export const lockStateFolder = (folder: string): Promise<StateFolderLock> => Promise.reject(new Error(folder));
