import type { SeededRandom } from '@lisible/credit';
import { drawAddress, drawBranch } from './branches.ts';
import { drawBuilding } from './building.ts';
import { drawApplicationDay } from './calendar.ts';
import { drawLoan } from './loan.ts';
import { drawName } from './names.ts';
import { drawPerson, type Cell, type Person } from './person.ts';
import { drawStanding, type Standing } from './standing.ts';
import { drawTraits, type Traits } from './traits.ts';

/** A client that never was. */
export interface SyntheticClient {
  readonly identifier: number;
  readonly cells: Readonly<Record<string, Cell>>;
  readonly person: Person;
  readonly standing: Standing;
  readonly traits: Traits;
  /** The probability that its outcome was drawn with, in 0..1; no model sees all that it depends on. */
  readonly trueProbability: number;
  readonly defaulted: 0 | 1;
}

/** Set so that 8 % of clients default. */
const intercept = -3.45;
/** Set so that a model of the application columns alone reaches what it does on the real table, and the history is worth what it is there. */
const weightOfApplication = 0.83;
/** Standard deviation, in log-odds, of what no column tells: accidents of life. */
const unobserved = 0.2;
/** How far the log-odds move over the 24 months, at the same characteristics: times are getting slightly harder. */
const driftOfRisk = 0.24;

/** Draws one client's application and outcome; `isPast` for those whose loan is over, the others apply after them. */
export const drawClient = (identifier: number, isPast: boolean, random: SeededRandom): SyntheticClient => {
  const day = drawApplicationDay(isPast, random);
  const person = drawPerson(day.phase, random);
  const branch = drawBranch(person.regionRating, random);
  const loan = drawLoan(person, day.phase, random);
  const standing = drawStanding(person, random);
  const traits = drawTraits(standing, random);
  const building = branch.asksAboutBuilding ? drawBuilding(person, random) : { cells: {}, logOdds: 0 };
  const { firstName, lastName } = drawName(person.sex, random);
  const { street, postalCode } = drawAddress(branch, random);
  const logOdds =
    intercept +
    weightOfApplication * (person.logOdds + loan.logOdds + standing.logOdds + building.logOdds) +
    traits.logOdds +
    branch.logOdds +
    driftOfRisk * (day.phase - 0.5) +
    unobserved * random.normal();
  const trueProbability = 1 / (1 + Math.exp(-logOdds));
  return {
    identifier,
    cells: {
      SK_ID_CURR: identifier,
      ...person.cells,
      ...loan.cells,
      ...standing.cells,
      ...building.cells,
      ...(branch.notesCompany ? {} : { NAME_TYPE_SUITE: null }),
      WEEKDAY_APPR_PROCESS_START: day.weekday,
      FIRST_NAME: firstName,
      LAST_NAME: lastName,
      ADDRESS: street,
      CITY: branch.city,
      POSTAL_CODE: postalCode,
      BRANCH_ID: branch.name,
      APPLICATION_DATE: day.isoDate,
    },
    person,
    standing,
    traits,
    trueProbability,
    defaulted: random.uniform() < trueProbability ? 1 : 0,
  };
};
