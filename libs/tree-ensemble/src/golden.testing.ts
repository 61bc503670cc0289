import { readFileSync } from 'node:fs';

/** Reads a file of `golden/`, where `make_golden.py` wrote it. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8')) as T;
}

/** JSON has no NaN: missing values travel as null. */
export function toRows(rows: readonly (readonly (number | null)[])[]): number[][] {
  return rows.map((row) => row.map((value) => value ?? NaN));
}

export interface AttributionsGolden {
  readonly trees: unknown;
  readonly rows: (number | null)[][];
  readonly background: (number | null)[][];
  readonly margins: number[];
  readonly predContrib: number[][];
  readonly interventional: { baseValue: number; shapValues: number[][] };
  readonly enumerated: { baseValue: number; shapValues: number[][] };
}
