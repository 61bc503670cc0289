/** JSON has no NaN: missing values travel as null. */
export function toRows(rows: readonly (readonly (number | null)[])[]): number[][] {
  return rows.map((row) => row.map((value) => value ?? NaN));
}

/** `golden/attributions.json`, as `make_golden.py` writes it. */
export interface AttributionsGolden {
  readonly trees: unknown;
  readonly rows: (number | null)[][];
  readonly background: (number | null)[][];
  readonly margins: number[];
  readonly predContrib: number[][];
  readonly interventional: { baseValue: number; shapValues: number[][] };
  readonly enumerated: { baseValue: number; shapValues: number[][] };
}

/** `golden/interactions.json`: of the first rows of `attributions.json`, features × features. */
export interface InteractionsGolden {
  readonly interactions: readonly (readonly number[])[];
}
