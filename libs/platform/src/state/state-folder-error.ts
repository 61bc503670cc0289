/** The state folder cannot be used; the message is one sentence with the way out. */
export class StateFolderError extends Error {
  override readonly name = 'StateFolderError';
}
