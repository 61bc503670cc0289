import { findChromium } from '@lisible/runner';
import type { Desk } from './desk/desk.ts';
import { startDesk } from './desk/desk.ts';
import { describeBackEnd } from './desk/back-end.ts';
import { describeHostile } from './desk/hostile.ts';
import { describeKeyboard } from './desk/keyboard.ts';
import { describeMainPath } from './desk/main-path.ts';
import { describeNarrow } from './desk/narrow.ts';
import { describeSnapshots } from './desk/snapshots.ts';

/** A machine without a browser still runs the rest; continuous integration must have one. */
const withBrowser = findChromium() === null && process.env['CI'] !== 'true' ? describe.skip : describe;

withBrowser('the advisor’s desk', () => {
  let started: Desk;
  const desk = (): Desk => started;

  beforeAll(async () => {
    started = await startDesk();
  }, 300_000);
  afterAll(() => started?.close());

  describeMainPath(desk);
  describeKeyboard(desk);
  describeNarrow(desk);
  describeBackEnd(desk);
  describeHostile(desk);
  describeSnapshots(desk);

  it('has no accessibility problem on any page, state, theme and language that was seen', () => {
    expect(started.accessibilityProblems).toEqual([]);
  });

  it('raised no error in the browser but those that a test brought about', () => {
    expect(started.browserProblems).toEqual([]);
  });
});
