import { createStopwatch } from './stopwatch.ts';

describe('stopwatch', () => {
  it('keeps the seconds of each part in the order in which they began, failed ones too, and adds a part to itself', async () => {
    let now = 1000;
    const stopwatch = createStopwatch(() => now);
    const take = (milliseconds: number) => async (): Promise<number> => (now += milliseconds);
    await stopwatch.time('reading', take(1500));
    await expect(
      stopwatch.time('fitting', async () => {
        now += 250;
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await stopwatch.time('reading', take(500));
    expect(stopwatch.timings).toEqual([
      { part: 'reading', seconds: 2 },
      { part: 'fitting', seconds: 0.25 },
    ]);
  });
});
