import { Recent } from '../index.ts';

describe('what was recorded a moment ago', () => {
  it('is found until others push it out, the oldest first', () => {
    const recent = new Recent<number>(2);
    recent.remember('a', 1);
    recent.remember('b', 2);
    recent.remember('a', 1);
    recent.remember('c', 3);
    expect(['a', 'b', 'c'].map((key) => recent.find(key))).toEqual([1, undefined, 3]);
  });
});
