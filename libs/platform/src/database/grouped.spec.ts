import { Grouped } from '../index.ts';

describe('work that is grouped', () => {
  it('takes those who came together as one group, those who came meanwhile as the next, and answers each its own', async () => {
    const groups: (readonly number[])[] = [];
    const begun = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const doubled = new Grouped<number, number>(async (take) => {
      const inputs = take();
      groups.push(inputs);
      begun.resolve();
      await letGo.promise;
      return inputs.map((input) => input * 2);
    });
    const together = [1, 2, 3].map((input) => doubled.submit(input));
    await begun.promise;
    const meanwhile = [4, 5].map((input) => doubled.submit(input));
    letGo.resolve();
    expect(await Promise.all([...together, ...meanwhile])).toEqual([2, 4, 6, 8, 10]);
    expect(groups).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    // At rest again: the next caller is not forgotten.
    expect(await doubled.submit(6)).toBe(12);
  });

  it('takes with it whoever came while it waited to begin', async () => {
    const waited = Promise.withResolvers<void>();
    const mayBegin = Promise.withResolvers<void>();
    const groups: (readonly number[])[] = [];
    const work = new Grouped<number, number>(async (take) => {
      waited.resolve();
      await mayBegin.promise;
      groups.push(take());
      return take();
    });
    const first = work.submit(1);
    await waited.promise;
    const second = work.submit(2);
    mayBegin.resolve();
    expect(await Promise.all([first, second])).toEqual([1, 2]);
    expect(groups).toEqual([[1, 2]]);
  });

  it('rejects whoever waits when the work cannot even begin', async () => {
    const work = new Grouped<number, number>(() => Promise.reject(new Error('no database')));
    const outcomes = await Promise.allSettled([work.submit(1), work.submit(2)]);
    expect(outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });

  it('holds groups to their greatest size', async () => {
    const sizes: number[] = [];
    const work = new Grouped<number, number>((take) => {
      sizes.push(take().length);
      return Promise.resolve(take());
    }, 2);
    expect(await Promise.all([1, 2, 3, 4, 5].map((input) => work.submit(input)))).toEqual([1, 2, 3, 4, 5]);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('lets nobody fail for another: a group that fails is done again one by one', async () => {
    const done: string[] = [];
    const work = new Grouped<string, string>((take) => {
      const inputs = take();
      if (inputs.includes('bad')) return Promise.reject(new Error('bad'));
      done.push(...inputs);
      return Promise.resolve(inputs);
    });
    const outcomes = await Promise.allSettled(['a', 'bad', 'b'].map((input) => work.submit(input)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(done).toEqual(['a', 'b']);
  });
});
