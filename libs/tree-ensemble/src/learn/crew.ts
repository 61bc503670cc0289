/**
 * Members that do a training's work together: in turn, one phase after the other, each phase shared out by claims. The memory is all
 * that they share, so that a member may stand in a thread of its own.
 */
import type { TrainingMemory } from './training-memory.ts';

export const phase = {
  end: 0,
  findBins: 1,
  encode: 2,
  computeGradients: 3,
  quantise: 4,
  fillHistograms: 5,
  partRows: 6,
  collectRows: 7,
  sumLeaves: 8,
  addToMargins: 9,
  walkRows: 10,
  validate: 11,
} as const;
export type Phase = (typeof phase)[keyof typeof phase];

// Words of the control area, each on a cache line of its own.
const epochWord = 0;
const numBusyWord = 16;
const claimWord = 32;
const phaseWord = 48;

/** Looks at a word so many times before the thread goes to sleep: phases are short, and waking takes longer than most of them. */
const numLooks = 4000;

export interface Member {
  perform(what: Phase): void;
}

/** The next piece of the current phase's work that nobody has claimed yet, counted from 0. */
export function claim({ words, layout }: TrainingMemory): number {
  return Atomics.add(words, (layout.control >>> 2) + claimWord, 1);
}

/** Has every member perform a phase, the caller as one of them; returns when all have. */
export class Crew {
  readonly #memory: TrainingMemory;
  readonly #self: Member;
  readonly #control: number;
  readonly numMembers: number;

  constructor(memory: TrainingMemory, self: Member) {
    this.#memory = memory;
    this.#self = self;
    this.#control = memory.layout.control >>> 2;
    this.numMembers = memory.shape.numMembers;
    // Another training may have left its own there.
    for (const word of [epochWord, numBusyWord, claimWord, phaseWord]) memory.words[this.#control + word] = 0;
  }

  run(what: Phase): void {
    const { words } = this.#memory;
    Atomics.store(words, this.#control + claimWord, 0);
    const numOthers = this.numMembers - 1;
    if (numOthers > 0) {
      Atomics.store(words, this.#control + numBusyWord, numOthers);
      Atomics.store(words, this.#control + phaseWord, what);
      Atomics.add(words, this.#control + epochWord, 1);
      Atomics.notify(words, this.#control + epochWord);
    }
    if (what !== phase.end) this.#self.perform(what);
    if (numOthers === 0) return;
    for (;;) {
      const numBusy = Atomics.load(words, this.#control + numBusyWord);
      if (numBusy === 0) return;
      waitForChange(words, this.#control + numBusyWord, numBusy);
    }
  }
}

/** What a member other than the first does: the phases that the first one calls for, until it calls for the end. */
export function followCrew(memory: TrainingMemory, self: Member): void {
  const { words } = memory;
  const control = memory.layout.control >>> 2;
  for (let epoch = 0; ; epoch++) {
    while (Atomics.load(words, control + epochWord) === epoch) waitForChange(words, control + epochWord, epoch);
    const what = toPhase(Atomics.load(words, control + phaseWord));
    if (what !== phase.end) self.perform(what);
    if (Atomics.sub(words, control + numBusyWord, 1) === 1) Atomics.notify(words, control + numBusyWord);
    if (what === phase.end) return;
  }
}

const phases: readonly Phase[] = Object.values(phase);

function toPhase(word: number): Phase {
  const found = phases.find((each) => each === word);
  if (found === undefined) throw new Error(`there is no phase ${word}`);
  return found;
}

function waitForChange(words: Int32Array, at: number, value: number): void {
  for (let look = 0; look < numLooks; look++) if (Atomics.load(words, at) !== value) return;
  Atomics.wait(words, at, value);
}
