// Far above any model worth serving; a file beyond them is hostile or broken, and is refused before memory is taken.
export const maxFeatures = 100_000;
export const maxTrees = 100_000;
export const maxNodesOfTree = 2 * 131_072 - 1;
export const maxNodes = 50_000_000;
/** Splits from the root to a leaf; whoever walks trees by recursion may rely on it. */
export const maxDepth = 1024;
/** Codes are float32 inputs, and whole numbers are exact there up to 2^24. */
export const maxWordsOfSet = 2 ** 24 / 32;
/** Words of all category sets together, where a file lists codes: one code of eight bytes can ask for two megabytes. */
export const maxWords = 2 ** 24;
