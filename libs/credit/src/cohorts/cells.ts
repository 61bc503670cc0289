import type { Bins } from './bins.ts';

/**
 * The declared grid of a column: what filters may tell apart. Each cell is one or more of the bins (for answers: of the values), and holds at
 * least the privacy floor of the whole population, or is all there is. A filter is a set of whole cells.
 */
export interface Cells {
  readonly numCells: number;
  /** The cell of each bin; one longer than the bins: the last is the cell of the missing. */
  readonly cellOfBin: Uint8Array;
}

/** Neighbours are pooled from the lowest up until each pool holds the floor; what is left at the end joins the last. */
const poolNeighbours = (counts: readonly number[], floor: number): readonly number[] => {
  const cellOf: number[] = [];
  let cell = 0;
  let held = 0;
  for (const count of counts) {
    if (held >= floor && count > 0) {
      cell += 1;
      held = 0;
    }
    cellOf.push(cell);
    held += count;
  }
  // The last pool may be short of the floor: it joins the one below.
  return held >= floor || cell === 0 ? cellOf : cellOf.map((own) => Math.min(own, cell - 1));
};

/** Answers have no neighbours: the rare ones are pooled, and the next rarest with them until the pool holds the floor. */
const poolRare = (counts: readonly number[], floor: number): readonly number[] => {
  const rarestFirst = counts.map((count, bin) => ({ count, bin })).sort((a, b) => a.count - b.count || a.bin - b.bin);
  const pooled = new Set<number>();
  let held = 0;
  for (const { count, bin } of rarestFirst) {
    const isHeldShort = held > 0 && held < floor;
    if (count >= floor && !isHeldShort) break;
    pooled.add(bin);
    held += count;
  }
  // What nobody answers may stand in the pool too: it changes no count.
  const alone = counts.map((_, bin) => bin).filter((bin) => !pooled.has(bin));
  return counts.map((_, bin) => (pooled.has(bin) ? alone.length : alone.indexOf(bin)));
};

/** `binCounts`: how many of the whole population each bin holds, the missing last. */
export const declareCells = ({ kind, numBins }: Pick<Bins, 'kind' | 'numBins'>, binCounts: readonly number[], floor: number): Cells => {
  const missing = binCounts[numBins] ?? 0;
  if (kind === 'values') {
    const cellOfBin = Uint8Array.from(poolRare(binCounts, floor));
    return { numCells: Math.max(...cellOfBin) + 1, cellOfBin };
  }
  const ofBins = poolNeighbours(binCounts.slice(0, numBins), floor);
  const last = ofBins.at(-1) ?? 0;
  // So few are missing that they would be seen alone: they go with the uppermost.
  const ofMissing = missing > 0 && missing < floor ? last : last + 1;
  return { numCells: ofMissing === last ? last + 1 : last + 2, cellOfBin: Uint8Array.from([...ofBins, ofMissing]) };
};
