import { jest } from '@jest/globals';
import { PresentStateFollower } from './present-state.ts';

class Follower extends PresentStateFollower {
  readonly failure = 'the state cannot be read';
  state: string | Error = 'first';
  known: string | null = null;
  reads = 0;
  /** While it is not open, a reading that has seen the state has not taken it over. */
  gate: Promise<undefined> | null = null;

  protected async refresh() {
    this.reads += 1;
    if (this.state instanceof Error) throw this.state;
    const { state } = this;
    await this.gate;
    if (state === this.known) return null;
    this.known = state;
    return { fields: { state }, message: 'a new state' };
  }

  onEvent(): Promise<void> {
    return this.follow();
  }
}

const world = () => {
  const said: string[] = [];
  const say = (_fields: Readonly<Record<string, unknown>>, message: string): void => void said.push(message);
  return { said, follower: new Follower({ info: say, warn: say, error: say }) };
};

describe('PresentStateFollower', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('reads the present state at its start, at each event and every 30 s, and tells of changes only', async () => {
    const { follower, said } = world();
    await follower.onApplicationBootstrap();
    expect([follower.known, said]).toEqual(['first', ['a new state']]);
    follower.state = 'second';
    await follower.onEvent();
    expect(follower.known).toBe('second');
    follower.state = 'missed event';
    await jest.advanceTimersByTimeAsync(30_000);
    expect([follower.known, said.length]).toEqual(['missed event', 3]);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(said.length).toBe(3);
    await follower.onApplicationShutdown();
    const { reads } = follower;
    await jest.advanceTimersByTimeAsync(120_000);
    expect(follower.reads).toBe(reads);
  });

  it('keeps the previous state when the new one cannot be read, says so, and heals', async () => {
    const { follower, said } = world();
    await follower.onApplicationBootstrap();
    follower.state = new Error('unreadable');
    await follower.onEvent();
    expect([follower.known, said.at(-1)]).toEqual(['first', 'the state cannot be read']);
    follower.state = 'repaired';
    await jest.advanceTimersByTimeAsync(30_000);
    expect(follower.known).toBe('repaired');
    await follower.onApplicationShutdown();
  });

  it('lets no slow reading of an older state overtake a newer one, and ends the reading in hand before it shuts down', async () => {
    const { follower } = world();
    const slow = Promise.withResolvers<undefined>();
    follower.gate = slow.promise;
    const older = follower.onEvent();
    await jest.advanceTimersByTimeAsync(0);
    follower.state = 'second';
    follower.gate = null;
    const newer = follower.onEvent();
    await jest.advanceTimersByTimeAsync(0);
    let isDown = false;
    const down = Promise.resolve(follower.onApplicationShutdown()).then(() => (isDown = true));
    await jest.advanceTimersByTimeAsync(0);
    expect([follower.known, isDown]).toEqual([null, false]);
    slow.resolve(undefined);
    await Promise.all([older, newer, down]);
    expect(follower.known).toBe('second');
  });
});
