/** Text as it is searched: without case and accents, so that « helene » finds « Hélène ». */
export const searchKey = (...texts: readonly (string | null)[]): string =>
  texts
    .filter((text) => text !== null)
    .join(' ')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    // PostgreSQL holds no NUL, nor takes one as a parameter.
    .replaceAll('\0', '')
    .toLowerCase();
