import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FigureResult } from './figure.ts';
import { quantile } from './figure.ts';
import { figures } from './registry.ts';
import { renderFigures } from './render-figures.ts';

const resultsFolder = join(import.meta.dirname, '../results');

describe('figures registry', () => {
  const recorded = new Map<string, FigureResult>(
    (existsSync(resultsFolder) ? readdirSync(resultsFolder) : []).map((file) => {
      const result: FigureResult = JSON.parse(readFileSync(join(resultsFolder, file), 'utf8'));
      return [result.name, result];
    }),
  );

  it('names each figure once', () => {
    expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
  });

  it('has no recorded run of a figure that nobody claims', () => {
    expect([...recorded.keys()].filter((name) => figures.every((figure) => figure.name !== name))).toEqual([]);
  });

  it('keeps docs/figures.md as `npm run bench -- document` writes it', () => {
    expect(readFileSync(join(import.meta.dirname, '../../docs/figures.md'), 'utf8')).toBe(renderFigures(figures, recorded));
  });

  it('interpolates quantiles as numpy does', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20], 0.99)).toBeCloseTo(19.9, 12);
  });
});
