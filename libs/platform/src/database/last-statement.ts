/**
 * What a statement ends with that nothing of its transaction comes after: the COMMIT travels with it, and takes place unless it fails.
 * To PostgreSQL itself a comment.
 */
export const lastStatement = '/* last of its transaction */';
