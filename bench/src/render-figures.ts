import type { Figure, FigureResult } from './figure.ts';

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

/** The page of figures, from recorded runs only: a figure nobody measured says so. */
export function renderFigures(figures: readonly Figure[], recorded: ReadonlyMap<string, FigureResult>): string {
  const rows = figures.map((figure) => {
    const result = recorded.get(figure.name);
    if (result === undefined) return `| \`${figure.name}\` | ${figure.title} | ${figure.target} | not recorded | | | |`;
    const rival = result.rival === null ? '' : `${result.rival.name}: ${number(result.rival.value)}`;
    const details = Object.entries(result.details)
      .map(([key, value]) => `${key} ${typeof value === 'number' ? number(value) : value}`)
      .join(', ');
    return `| \`${figure.name}\` | ${figure.title} | ${figure.target} | **${number(result.value)} ${result.unit}** ${result.isMet ? '✓' : '✗ not reached'} | ${rival} | ${details} | ${result.measuredAt.slice(0, 10)}, ${result.machine.cores} cores ${result.machine.processor}, ${result.machine.node}, load ${result.machine.loadAverage} |`;
  });
  return `# Figures

Written by \`npm run bench -- document\` from recorded runs (\`npm run bench -- NAME --record\`); do not edit.

| name | what | target | measured | rival or limit | beside it | when, where |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
