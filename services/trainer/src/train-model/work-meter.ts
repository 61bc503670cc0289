/** A piece of work under way. */
export interface Piece {
  /** A fit's rounds so far: how far that is, its fellows that have ended tell. */
  readonly onRound: (round: number) => void;
  /** @param rounds how many rounds it took, where it had any */
  done(rounds?: number): void;
}

/** How far many fits in parallel are, together. */
export interface WorkMeter {
  begin(): Piece;
}

/** Early stopping makes the number of rounds unknown before the first fit has ended. */
const firstGuessOfRounds = 300;

/** @param total pieces of work, each as long as another. @param onShare 0..1 of all of them, and how many are done */
export const createWorkMeter = (total: number, onShare: (share: number, numDone: number) => void): WorkMeter => {
  const underWay = new Map<symbol, number>();
  let numDone = 0;
  let roundsOfEnded = 0;
  let endedWithRounds = 0;
  const tell = (): void => {
    const expected = endedWithRounds === 0 ? firstGuessOfRounds : roundsOfEnded / endedWithRounds;
    const parts = [...underWay.values()].reduce((sum, rounds) => sum + Math.min(0.98, rounds / expected), 0);
    onShare(Math.min(1, (numDone + parts) / total), numDone);
  };
  return {
    begin: () => {
      const key = Symbol('piece');
      underWay.set(key, 0);
      return {
        onRound: (round) => {
          underWay.set(key, round);
          tell();
        },
        done: (rounds) => {
          underWay.delete(key);
          numDone += 1;
          if (rounds !== undefined) {
            roundsOfEnded += rounds;
            endedWithRounds += 1;
          }
          tell();
        },
      };
    },
  };
};
