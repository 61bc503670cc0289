/** The codes of a category set (`Tree.categories`), ascending. */
export function listCodes(words: Uint32Array): number[] {
  const codes: number[] = [];
  for (let index = 0; index < words.length; index++) {
    for (let word = words[index]; word !== 0; word &= word - 1) codes.push(index * 32 + 31 - Math.clz32(word & -word));
  }
  return codes;
}
