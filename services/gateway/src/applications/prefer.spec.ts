import { waitSecondsOf } from './prefer.ts';

describe('Prefer: wait', () => {
  it.each([
    [undefined, null],
    ['wait=5', 5],
    ['respond-async, Wait=7', 7],
    ['wait="3"; foo=bar', 3],
    ['wait=600', 30],
    ['wait=soon', null],
    ['waiting=5', null],
  ])('%s → %s', (header, seconds) => {
    expect(waitSecondsOf(header)).toBe(seconds);
  });
});
