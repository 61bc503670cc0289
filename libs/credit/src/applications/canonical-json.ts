/** Sorts an object's own keys at every depth; arrays keep their order. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  // A null prototype, so that a key named `__proto__` stays a key.
  const result: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))) result[key] = sorted(item);
  return result;
};

/**
 * JSON text that depends on content alone: no white space, and keys in one stable order at every depth, whatever
 * the order they were written in. Used for hashes and to tell a repeated application from a conflicting one.
 * Takes JSON values; what JSON cannot hold (undefined, a function) is written `null` at the top and left out below.
 */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value)) ?? 'null';
