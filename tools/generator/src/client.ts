import type { SeededRandom } from '@lisible/credit';
import { drawBuilding } from './building.ts';
import { drawLoan } from './loan.ts';
import { drawName } from './names.ts';
import { drawPerson, type Cell } from './person.ts';
import { drawStanding } from './standing.ts';

/** A client that never was. */
export interface SyntheticClient {
  readonly cells: Readonly<Record<string, Cell>>;
  /** The probability that its outcome was drawn with, in 0..1; no model sees all that it depends on. */
  readonly trueProbability: number;
  readonly defaulted: 0 | 1;
}

/** Set so that 8 % of clients default. */
const intercept = -3.26;
/** Standard deviation, in log-odds, of what no column tells: accidents of life. */
const unobserved = 0.2;

export const drawClient = (identifier: number, random: SeededRandom): SyntheticClient => {
  const person = drawPerson(random);
  const loan = drawLoan(person, random);
  const standing = drawStanding(person, random);
  const building = drawBuilding(person, random);
  const { firstName, lastName } = drawName(person.sex, random);
  const logOdds = intercept + person.logOdds + loan.logOdds + standing.logOdds + building.logOdds + unobserved * random.normal();
  const trueProbability = 1 / (1 + Math.exp(-logOdds));
  return {
    cells: {
      SK_ID_CURR: identifier,
      ...person.cells,
      ...loan.cells,
      ...standing.cells,
      ...building.cells,
      FIRST_NAME: firstName,
      LAST_NAME: lastName,
    },
    trueProbability,
    defaulted: random.uniform() < trueProbability ? 1 : 0,
  };
};
