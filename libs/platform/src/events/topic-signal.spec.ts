import type { OutboxRow } from './event-store.ts';
import { TopicSignal, nextRows } from './topic-signal.ts';

const row = (seq: number): OutboxRow => ({ seq, id: `e${seq}`, key: 'k', envelope: '{}' });
const seqs = (rows: readonly OutboxRow[]): readonly number[] => rows.map(({ seq }) => seq);
const noTable = (): Promise<readonly OutboxRow[]> => Promise.reject(new Error('the table was asked'));

describe('a consumer that follows a topic', () => {
  it('reads the table first, then what is handed over, each row once', async () => {
    const signal = new TopicSignal();
    const follower = signal.follow();
    // Handed over before it began to follow: only the table has it.
    signal.raise([row(1)]);
    const first = await nextRows(follower, 1, 10, () => {
      // Committed while the table is read: it may be in the answer and it is handed over as well.
      signal.raise([row(2)]);
      return Promise.resolve([row(1), row(2)]);
    });
    expect(seqs(first)).toEqual([1, 2]);
    signal.raise([row(3), row(4)]);
    signal.raise([row(5)]);
    expect(seqs(await nextRows(follower, 3, 2, noTable))).toEqual([3, 4]);
    expect(seqs(await nextRows(follower, 5, 2, noTable))).toEqual([5]);
    expect(await nextRows(follower, 6, 2, noTable)).toEqual([]);
  });

  it('asks the table again as long as that answers full pages: what lies behind them was never handed over', async () => {
    const signal = new TopicSignal();
    const follower = signal.follow();
    expect(seqs(await nextRows(follower, 1, 2, () => Promise.resolve([row(1), row(2)])))).toEqual([1, 2]);
    signal.raise([row(4)]);
    expect(seqs(await nextRows(follower, 3, 2, () => Promise.resolve([row(3), row(4)])))).toEqual([3, 4]);
  });

  it('asks the table after it was told that something may be missing, and when too much waits to be held', async () => {
    const signal = new TopicSignal();
    const follower = signal.follow();
    await nextRows(follower, 1, 2, () => Promise.resolve([]));
    signal.raise([row(1)]);
    follower.lose();
    expect(seqs(await nextRows(follower, 1, 2, () => Promise.resolve([row(1)])))).toEqual([1]);
    signal.raise(Array.from({ length: 1_001 }, (_, index) => row(index + 2)));
    await expect(nextRows(follower, 2, 2, noTable)).rejects.toThrow('the table was asked');
    // A table that could not be read leaves nothing believed.
    signal.raise([row(2_000)]);
    await expect(nextRows(follower, 2, 2, noTable)).rejects.toThrow('the table was asked');
  });

  it('gets nothing any more once it has left', async () => {
    const signal = new TopicSignal();
    const follower = signal.follow();
    await nextRows(follower, 1, 2, () => Promise.resolve([]));
    signal.unfollow(follower);
    signal.raise([row(1)]);
    expect(await nextRows(follower, 1, 2, noTable)).toEqual([]);
  });
});
