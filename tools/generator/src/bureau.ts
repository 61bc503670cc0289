import type { SeededRandom } from '@lisible/credit';
import { drawMonths } from './bureau-balance.ts';
import * as marginals from './bureau-marginals.ts';
import type { BureauCreditType, BureauProvider } from './bureau-marginals.ts';
import { encodeCell } from './byte-table.ts';
import type { SyntheticClient } from './client.ts';
import { chance, clamp, fromNormal, normalShare, withNoise } from './draws.ts';
import type { HistoryTables, KeyRange } from './history-tables.ts';
import { drawIndex, wordTable } from './word-draw.ts';

const typeShares = wordTable(marginals.bureauCreditTypes.map(({ name, share }) => [name, share] as const));
const providerShares = wordTable(marginals.bureauProviders.map(({ weight }, index) => [String(index), weight] as const));
const currencies = wordTable([
  ['currency 1', 0.99925],
  ['currency 2', 0.00066],
  ['currency 3', 0.00008],
  ['currency 4', 0.00001],
]);
const active = encodeCell('Active');
const closed = encodeCell('Closed');
const sold = encodeCell('Sold');
const badDebt = encodeCell('Bad debt');

const none = Number.NaN;
/** Whole cents, in thousandths. */
const cents = (amount: number): number => Math.round(amount * 100) * 10;

/** A credit with another lender; days before the application are negative. */
interface BureauCredit {
  readonly type: BureauCreditType;
  readonly provider: BureauProvider;
  readonly openedDay: number;
  readonly plannedEnd: number;
  /** NaN while it runs. */
  readonly endedDay: number;
  readonly isSold: boolean;
}

const drawCredit = (client: SyntheticClient, provider: BureauProvider, random: SeededRandom): BureauCredit => {
  const { indebtedness, discipline } = client.traits;
  const type = marginals.bureauCreditTypes[drawIndex(typeShares, random)] ?? marginals.bureauCreditTypes[0];
  if (type === undefined) throw new RangeError('there are credit types');
  const youngest = Math.round((client.person.ageYears - 18) * 365.25);
  const age = Math.max(1, Math.min(youngest, Math.round(fromNormal(marginals.creditAge, withNoise(-0.62 * indebtedness, 0.384, random)))));
  const term = Math.max(7, Math.round(fromNormal(type.termDays, withNoise(0.2 * indebtedness, 0.04, random))));
  const plannedEnd = term - age;
  const isEarly = chance(clamp(type.earlyShare * Math.exp(-0.35 * indebtedness), 0, 0.9), random);
  const kind = random.uniform();
  // A third ends to the day; who pays late elsewhere pays late here.
  const lateBy =
    kind < 0.52 ? 0 : kind < 0.8 ? -Math.round(random.uniform() * 12) : Math.round(95 * random.uniform() ** 2 * Math.exp(-0.3 * discipline));
  const life = isEarly ? Math.round(term * (0.2 + 0.75 * random.uniform())) : term + lateBy;
  const endedDay = life - age;
  return { type, provider, openedDay: -age, plannedEnd, endedDay: endedDay < 0 ? Math.max(endedDay, 1 - age) : none, isSold: chance(0.0032, random) };
};

const drawDebt = ({ type, openedDay, plannedEnd }: BureauCredit, amount: number, indebtedness: number, random: SeededRandom): number => {
  if (type.name === 'Credit card') {
    // What is used of a card's limit: nothing, all, or something between.
    if (random.uniform() < clamp(0.37 - 0.25 * indebtedness, 0.01, 0.97)) return 0;
    return amount * clamp(normalShare(0.5 + 0.6 * indebtedness + 0.8 * random.normal()) * 1.05, 0, 1.4);
  }
  if (chance(0.06, random)) return 0;
  const shareLeft = clamp(plannedEnd / (plannedEnd - openedDay), 0, 1);
  // Instalments of a loan pay interest first; who is deep in debt has prolonged or borrowed again on it.
  return amount * clamp(shareLeft ** Math.exp(-0.4 - 0.5 * indebtedness) + 0.04 * random.normal(), 0, 1.08);
};

/** Writes the client's credits with other lenders, and their months where the provider reports them. */
export const drawBureau = (client: SyntheticClient, tables: HistoryTables, keys: KeyRange, random: SeededRandom): void => {
  const { traits, standing, person } = client;
  // Who has no bureau file has no bureau score and no enquiries either, as a rule.
  if (chance(standing.isBureauMissing ? 0.86 : 0.02, random)) return;
  const signal = 0.35 * traits.appetite + 0.12 * traits.indebtedness + 0.2 * clamp((person.ageYears - 43) / 12, -2, 1);
  const count = Math.min(keys.left, Math.round(fromNormal(marginals.creditsPerClient, withNoise(signal, 0.18, random))));
  const mainProvider = drawIndex(providerShares, random);
  const hasMonths = chance(0.57, random);
  const income = clamp(Math.log(person.income) - 11.9, -1.5, 1.5);
  const table = tables.bureau;

  for (let credit = 0; credit < count; credit++) {
    const provider =
      marginals.bureauProviders[chance(0.72, random) ? mainProvider : drawIndex(providerShares, random)] ?? marginals.bureauProviders[0];
    if (provider === undefined) return;
    const drawn = drawCredit(client, provider, random);
    const { type, openedDay, plannedEnd } = drawn;
    // A credit past its end that is not paid: still active, overdue.
    const isStuck = drawn.endedDay === drawn.endedDay && chance(clamp(0.004 * Math.exp(-0.6 * traits.discipline), 0, 0.08), random);
    const endedDay = isStuck ? none : drawn.endedDay;
    const isActive = endedDay !== endedDay;
    const amount = chance(type.zeroShare, random)
      ? 0
      : Math.max(
          4_500,
          Math.exp(type.amount[0] + 0.45 * income + (isActive && type.name === 'Consumer credit' ? 0.55 : 0) + type.amount[1] * random.normal()),
        );
    const rounded = chance(0.35, random) ? Math.round(amount / 4_500) * 4_500 : amount;
    const debt = isActive ? drawDebt(drawn, rounded, traits.indebtedness, random) : 0;
    const isOverdue = isActive && (isStuck || chance(clamp(0.0045 * Math.exp(-0.7 * traits.discipline + 0.4 * traits.worsening), 0, 0.12), random));
    const daysOverdue = isOverdue
      ? Math.min(-openedDay, isStuck ? Math.max(1, -plannedEnd) : 1 + Math.floor(-45 * Math.log(1 - random.uniform())))
      : 0;
    const wasOverdue = isOverdue || chance(clamp(0.17 * Math.exp(-0.5 * traits.discipline), 0, 0.8), random);
    const key = keys.take();
    const isEndKnown = !chance(type.endlessShare, random);
    const status = drawn.isSold ? sold : isStuck && chance(0.005, random) ? badDebt : isActive ? active : closed;
    const updatedDay = isActive
      ? -Math.floor(chance(0.8, random) ? 40 * random.uniform() : Math.min(-openedDay, 900) * random.uniform())
      : Math.min(0, endedDay + Math.floor(chance(0.45, random) ? 30 * random.uniform() : -endedDay * random.uniform()));

    table.integer(client.identifier);
    table.integer(key);
    table.word(status);
    table.word(currencies.cells[drawIndex(currencies, random)] ?? active);
    table.integer(openedDay);
    table.integer(daysOverdue);
    table.float(isEndKnown ? plannedEnd : none);
    table.float(isActive || drawn.isSold ? none : endedDay);
    table.thousandths(
      provider.reportsLargestOverdue
        ? wasOverdue
          ? Math.round(Math.exp(8.75 - 0.2 * traits.discipline + 1.25 * random.normal()) * 200) * 5
          : 0
        : none,
    );
    table.integer(chance(clamp(0.004 * Math.exp(-0.3 * traits.discipline), 0, 0.05), random) ? 1 + (chance(0.15, random) ? 1 : 0) : 0);
    table.thousandths(cents(rounded));
    table.thousandths(provider.reportsDebt || (isActive && chance(0.5, random)) ? cents(debt) : none);
    table.thousandths(
      provider.reportsLimit ? (type.name === 'Credit card' && isActive && chance(0.4, random) ? cents(Math.max(0, rounded - debt)) : 0) : none,
    );
    table.thousandths(isOverdue ? cents(Math.min(debt > 0 ? debt : amount, Math.exp(5.6 + 1.4 * random.normal()))) : 0);
    table.word(type.cell);
    table.integer(Math.max(openedDay, updatedDay));
    table.thousandths(
      provider.reportsAnnuity ? (chance(0.55, random) ? 0 : Math.round((rounded * 200) / Math.max(3, (plannedEnd - openedDay) / 40)) * 5) : none,
    );
    table.endRow();

    if (hasMonths && provider.reportsMonths) {
      drawMonths({ key, openedDay, endedDay, provider, daysOverdue }, traits, tables.bureau_balance, random);
    }
  }
};
