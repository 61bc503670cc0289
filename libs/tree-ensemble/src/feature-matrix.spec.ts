import { logit, predictMargins, selectRows, sigmoid } from './index.ts';

describe('selectRows', () => {
  const matrix = { numRows: 3, numFeatures: 2, values: Float32Array.from([1, 2, 3, 4, 5, 6]) };

  it('copies rows in the order asked for, repetitions included', () => {
    expect(selectRows(matrix, [2, 0, 2])).toEqual({ numRows: 3, numFeatures: 2, values: Float32Array.from([5, 6, 1, 2, 5, 6]) });
  });

  it.each([-1, 3, 0.5, NaN])('refuses row %d', (row) => {
    expect(() => selectRows(matrix, [row])).toThrow(expect.objectContaining({ code: 'index-out-of-range' }));
  });
});

describe('predictMargins', () => {
  it('refuses a matrix of another width', () => {
    const matrix = { numRows: 1, numFeatures: 2, values: new Float32Array(2) };
    expect(() => predictMargins({ featureNames: ['a'], baseValue: 0, trees: [] }, matrix)).toThrow(
      expect.objectContaining({ code: 'matrix-shape-differs' }),
    );
  });
});

describe('sigmoid and logit', () => {
  it('undo each other where float64 can tell, and hold at the ends', () => {
    for (const margin of [-700, -30, -2.5, 0, 1e-9, 5])
      expect(Math.abs(logit(sigmoid(margin)) - margin)).toBeLessThan(1e-12 * Math.max(1, Math.abs(margin)));
    expect([sigmoid(-Infinity), sigmoid(0), sigmoid(Infinity)]).toEqual([0, 0.5, 1]);
    expect([logit(0), logit(1)]).toEqual([-Infinity, Infinity]);
  });
});
