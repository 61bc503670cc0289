import type { SeededRandom } from '@lisible/credit';
import { withNoise } from './draws.ts';
import type { Standing } from './standing.ts';

/**
 * What a client is like as a borrower: standard normals that no column holds. The history tables show them through payments, debts and
 * refusals; the application table only through the external scores. All but `appetite` bear on the outcome.
 */
export interface Traits {
  /** High: pays on time. */
  readonly discipline: number;
  /** High: the payments of the last two years have been getting later, whatever their mean. */
  readonly worsening: number;
  /** High: many recent credits elsewhere, much of them still owed. */
  readonly indebtedness: number;
  /** High: is refused more often, and borrows dearer. */
  readonly refusability: number;
  /** High: asks for credit often. */
  readonly appetite: number;
  readonly logOdds: number;
}

export const drawTraits = ({ hidden, score3 }: Standing, random: SeededRandom): Traits => {
  const discipline = withNoise(0.35 * hidden, 0.12, random);
  const worsening = withNoise(-0.1 * hidden, 0.01, random);
  const indebtedness = withNoise(-0.5 * score3 - 0.1 * hidden, 0.28, random);
  const refusability = withNoise(-0.25 * hidden - 0.2 * score3, 0.12, random);
  return {
    discipline,
    worsening,
    indebtedness,
    refusability,
    appetite: random.normal(),
    logOdds: -0.5 * discipline + 0.44 * worsening + 0.36 * indebtedness + 0.34 * refusability,
  };
};
