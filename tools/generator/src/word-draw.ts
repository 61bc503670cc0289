import type { SeededRandom } from '@lisible/credit';
import { encodeCell } from './byte-table.ts';
import type { WeightedNames } from './draws.ts';

/** Weighted words, ready to be drawn and written: their bytes, and where each one's share ends in 0..1. */
export interface WordTable {
  readonly cells: readonly Uint8Array[];
  readonly shareEnds: Float64Array;
}

const nothing = new Uint8Array(0);

export const wordTable = (names: WeightedNames): WordTable => {
  const total = names.reduce((sum, [, weight]) => sum + weight, 0);
  let end = 0;
  return {
    cells: names.map(([name]) => encodeCell(name)),
    shareEnds: Float64Array.from(names, ([, weight]) => (end += weight / total)),
  };
};

export const drawIndex = ({ shareEnds }: Pick<WordTable, 'shareEnds'>, random: SeededRandom): number => {
  const at = random.uniform();
  const last = shareEnds.length - 1;
  let index = 0;
  while (index < last && at >= (shareEnds[index] ?? 1)) index++;
  return index;
};

export const drawWord = (table: WordTable, random: SeededRandom): Uint8Array => table.cells[drawIndex(table, random)] ?? nothing;
