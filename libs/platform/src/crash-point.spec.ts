import { stallPointFromEnvironment } from './crash-point.ts';

describe('a stall point', () => {
  it('hangs the n-th batch of the topic that is named, in a test alone', () => {
    const stalls = stallPointFromEnvironment({ LISIBLE_TEST: '1', LISIBLE_STALL_AT: 'a.topic.v1:2' });
    expect(['a.topic.v1', 'another.v1', 'a.topic.v1', 'a.topic.v1'].map(stalls)).toEqual([false, false, true, false]);
    expect(stallPointFromEnvironment({ LISIBLE_STALL_AT: 'a.topic.v1' })('a.topic.v1')).toBe(false);
  });
});
