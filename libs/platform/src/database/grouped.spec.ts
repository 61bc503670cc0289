import { Grouped } from '../index.ts';

describe('work that is grouped', () => {
  it('takes those who came together as one group, those who came meanwhile as the next, and answers each its own', async () => {
    const groups: (readonly number[])[] = [];
    const begun = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const doubled = new Grouped<number, number>(async (inputs) => {
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

  it('holds groups to their greatest size', async () => {
    const sizes: number[] = [];
    const work = new Grouped<number, number>((inputs) => {
      sizes.push(inputs.length);
      return Promise.resolve(inputs);
    }, 2);
    expect(await Promise.all([1, 2, 3, 4, 5].map((input) => work.submit(input)))).toEqual([1, 2, 3, 4, 5]);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('lets nobody fail for another: a group that fails is done again one by one', async () => {
    const done: string[] = [];
    const work = new Grouped<string, string>((inputs) => {
      if (inputs.includes('bad')) return Promise.reject(new Error('bad'));
      done.push(...inputs);
      return Promise.resolve(inputs);
    });
    const outcomes = await Promise.allSettled(['a', 'bad', 'b'].map((input) => work.submit(input)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(done).toEqual(['a', 'b']);
  });
});
