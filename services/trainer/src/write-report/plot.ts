/** What a plot shows, without a word on how it is drawn: numbers, names and axes. */
export type Plot = LinesPlot | RangesPlot | BarsPlot;

export interface Axis {
  readonly title: string;
  /** As d3-format writes it: `.0%`, `.3f`, `~s`. */
  readonly format: string;
  readonly domain?: readonly [number, number];
  readonly scale?: 'linear' | 'log' | 'symlog';
}

/** A line of comparison: chance, calibration, a threshold. `at` is a value on the crossed axis; a diagonal has none. */
export interface Reference {
  readonly kind: 'vertical' | 'horizontal' | 'diagonal';
  readonly at?: number;
  readonly label: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly lower?: number;
  readonly upper?: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  readonly mark: 'line' | 'points' | 'line-and-points' | 'steps';
}

/** Points over a number, joined or not, with a band (lines) or bars (points) where they carry an interval. */
export interface LinesPlot {
  readonly kind: 'lines';
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly references?: readonly Reference[];
  /** A shaded range of x. */
  readonly zone?: { readonly from: number; readonly to: number; readonly label: string };
  readonly size?: 'full' | 'small';
}

/** Named values with their intervals, one below the other. */
export interface RangesPlot {
  readonly kind: 'ranges';
  readonly x: Axis;
  readonly rows: readonly {
    readonly label: string;
    readonly value: number;
    readonly lower: number;
    readonly upper: number;
    readonly series?: string;
  }[];
  readonly references?: readonly Reference[];
  readonly size?: 'full' | 'small';
}

/** Named amounts from zero, one below the other. */
export interface BarsPlot {
  readonly kind: 'bars';
  readonly x: Axis;
  readonly rows: readonly { readonly label: string; readonly value: number }[];
  readonly size?: 'full' | 'small';
}
