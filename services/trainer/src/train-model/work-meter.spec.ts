import { createWorkMeter } from './work-meter.ts';

describe('work meter', () => {
  it('adds up what is done and what is under way, by the rounds that earlier pieces took', () => {
    const seen: [number, number][] = [];
    const meter = createWorkMeter(4, (share, done) => seen.push([share, done]));
    const [first, second] = [meter.begin(), meter.begin()];
    first.onRound(150);
    first.done(100);
    second.onRound(50);
    second.onRound(1000);
    second.done(100);
    expect(seen).toEqual([
      [0.125, 0],
      [0.25, 1],
      [0.375, 1],
      [0.495, 1],
      [0.5, 2],
    ]);
  });
});
