import type { BinMembers, Scorecard } from './scorecard.ts';

/** A line of the scorecard as the trade prints it. */
export interface PointsTableRow {
  readonly featureName: string;
  readonly members: BinMembers;
  /** Whole points; the sum over a row's bins is within half a point a feature of its exact score. */
  readonly points: number;
  readonly rows: number;
  readonly shareOfRows: number;
  readonly defaultRate: number | null;
  readonly woe: number;
}

/** The scorecard's bins with their points rounded, in the scorecard's order; a missing bin that no row reached is left out. */
export const pointsTable = (scorecard: Scorecard): readonly PointsTableRow[] =>
  scorecard.features.flatMap(({ bins, featureName }) =>
    bins
      .filter(({ members, rows }) => members.kind !== 'missing' || rows > 0)
      .map(({ defaultRate, members, points, rows, shareOfRows, woe }) => ({
        featureName,
        members,
        points: Math.round(points),
        rows,
        shareOfRows,
        defaultRate,
        woe,
      })),
  );

const nameMembers = (members: BinMembers): string => {
  if (members.kind === 'missing') return 'missing';
  if (members.kind === 'categories') return `in ${members.codes.join(', ')}`;
  const bound = (value: number): string => String(Number(value.toPrecision(6)));
  if (members.lower === null && members.upper === null) return 'any value';
  if (members.lower === null) return `< ${bound(members.upper ?? Number.NaN)}`;
  return members.upper === null ? `≥ ${bound(members.lower)}` : `${bound(members.lower)} to < ${bound(members.upper)}`;
};

/** The points table as aligned text, one bin a line. */
export const printPointsTable = (scorecard: Scorecard): string => {
  const header = ['feature', 'bin', 'points', 'share', 'default rate', 'WoE'];
  let last = '';
  const lines = pointsTable(scorecard).map(({ defaultRate, featureName, members, points, shareOfRows, woe }) => {
    const name = featureName === last ? '' : featureName;
    last = featureName;
    const rate = defaultRate === null ? '' : `${(100 * defaultRate).toFixed(1)} %`;
    return [name, nameMembers(members), String(points), `${(100 * shareOfRows).toFixed(1)} %`, rate, woe.toFixed(3)];
  });
  const widths = header.map((title, column) => Math.max(title.length, ...lines.map((cells) => cells[column]?.length ?? 0)));
  return [header, ...lines]
    .map((cells) =>
      cells
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
