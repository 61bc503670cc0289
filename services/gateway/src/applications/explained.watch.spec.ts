import { ExplainedWatch } from './explained.watch.ts';

describe('a watch on an explanation', () => {
  it('sees what arrives after it began, for its own application only', async () => {
    const watch = new ExplainedWatch();
    const first = watch.start('a', 60_000);
    const second = watch.start('b', 60_000);
    watch.explained('a');
    await expect(first.isExplained).resolves.toBe(true);
    second.stop();
    await expect(second.isExplained).resolves.toBe(false);
  });

  it('wakes everybody who waits for the same application', async () => {
    const watch = new ExplainedWatch();
    const all = [watch.start('a', 60_000), watch.start('a', 60_000)];
    watch.explained('a');
    await expect(Promise.all(all.map(({ isExplained }) => isExplained))).resolves.toEqual([true, true]);
  });

  it('lets its callers go when the door closes', async () => {
    const watch = new ExplainedWatch();
    const waiting = watch.start('a', 60_000);
    watch.onModuleDestroy();
    await expect(waiting.isExplained).resolves.toBe(false);
  });
});
