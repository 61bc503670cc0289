import type { SeededRandom } from '@lisible/credit';
import { encodeCell } from './byte-table.ts';
import { drawCard } from './card-history.ts';
import type { SyntheticClient } from './client.ts';
import { chance, clamp, fromNormal, quantile, withNoise } from './draws.ts';
import { neverDays, type HistoryTables, type KeyRange } from './history-tables.ts';
import { drawLoanHistory, planLoan, type PlannedLoan } from './loan-history.ts';
import * as globalMarginals from './marginals.ts';
import { drawPaymentHabit, type PaymentHabit } from './payment-habit.ts';
import * as marginals from './previous-marginals.ts';
import type { RequestKind } from './previous-marginals.ts';
import { drawTerms, type RequestTerms } from './previous-terms.ts';
import { drawWord, wordTable } from './word-draw.ts';

const none = Number.NaN;
const weekdays = wordTable(globalMarginals.weekdays);
const yes = encodeCell('Y');
const no = encodeCell('N');
const xap = encodeCell('XAP');
const xna = encodeCell('XNA');
const clientLeft = encodeCell('CLIENT');
const isNew = encodeCell('New');
const nothing = encodeCell('');

interface PastRequest {
  readonly kind: RequestKind;
  readonly decisionDay: number;
}

const kindOf = (loan: RequestKind['loan'], answer: RequestKind['answer']): RequestKind => {
  const found = marginals.requestKinds.find((kind) => kind.loan === loan && kind.answer === answer);
  if (found === undefined) throw new RangeError(`no share is given for ${loan} ${answer}`);
  return found;
};
const shopKind = kindOf('consumer', 'approved');
const cashKind = kindOf('cash', 'approved');
const cardKind = kindOf('card', 'approved');

/** Nearly everybody came in through a shop: the first loan paid for goods, and was granted. */
const drawFirstKind = (random: SeededRandom): RequestKind => (chance(0.94, random) ? shopKind : cashKind);

/** What later requests are; a client gets one card at most, which is drawn apart. */
const laterKinds = marginals.requestKinds.map((kind) => ({
  kind,
  share: kind === cardKind ? 0 : kind === shopKind ? kind.share * 0.5 : kind.share,
}));

const drawKind = (refusability: number, random: SeededRandom): RequestKind => {
  const moreRefusals = Math.exp(clamp(1.05 * refusability - 0.45, -2.8, 2));
  const weight = (later: (typeof laterKinds)[number]): number => later.share * (later.kind.answer === 'refused' ? moreRefusals : 1);
  let left = random.uniform() * laterKinds.reduce((sum, later) => sum + weight(later), 0);
  for (const later of laterKinds) {
    left -= weight(later);
    if (left < 0) return later.kind;
  }
  return shopKind;
};

const drawRequests = ({ traits, person }: SyntheticClient, left: number, random: SeededRandom): readonly PastRequest[] => {
  const signal = 0.3 * traits.appetite + 0.15 * traits.refusability;
  const count = Math.min(left, Math.round(fromNormal(marginals.requestsPerClient, withNoise(signal, 0.11, random))));
  const youngest = Math.round((person.ageYears - 18.5) * 365.25);
  const requests: PastRequest[] = [];
  const hasCard = chance(0.43, random);
  for (let index = 0; index < count; index++) {
    const kind = index === 0 ? drawFirstKind(random) : index === 1 && hasCard ? cardKind : drawKind(traits.refusability, random);
    const age = fromNormal(kind.age, withNoise(-0.25 * traits.indebtedness, 0.0625, random));
    requests.push({ kind, decisionDay: -Math.max(2, Math.min(youngest, Math.round(age))) });
  }
  return requests.sort((one, other) => one.decisionDay - other.decisionDay);
};

/** DAYS_… of an approved contract as the source writes them: 365243 for what is not yet, or never. */
interface ContractDays {
  readonly firstDrawing: number;
  readonly firstDue: number;
  readonly lastDueFirstVersion: number;
  readonly lastDue: number;
  readonly termination: number;
}

const loanDays = (loan: PlannedLoan, random: SeededRandom): ContractDays => {
  const isOver = loan.lastDueDay < 0;
  const ended = loan.lastDueDay + 2 + random.integer(9);
  return {
    firstDrawing: neverDays,
    firstDue: loan.firstDueDay,
    lastDueFirstVersion: loan.plannedLastDueDay,
    lastDue: isOver ? loan.lastDueDay : neverDays,
    termination: isOver && ended < 0 ? ended : neverDays,
  };
};

const cardDays = (decisionDay: number, random: SeededRandom): ContractDays => {
  const isUsed = chance(0.62, random);
  const firstDrawing = Math.min(-1, decisionDay + 3 + random.integer(60));
  const firstDue = isUsed && decisionDay < -75 ? decisionDay + 37 + random.integer(38) : neverDays;
  const isOver = firstDue < 0 && firstDue < -200 && chance(0.2, random);
  const lastDue = isOver ? Math.round(firstDue * (0.1 + 0.6 * random.uniform())) : neverDays;
  return {
    firstDrawing: isUsed ? firstDrawing : neverDays,
    firstDue,
    lastDueFirstVersion: neverDays,
    lastDue,
    termination: isOver && lastDue < -30 && chance(0.7, random) ? Math.round(lastDue / 2) : neverDays,
  };
};

/** The columns of a request between its key and its dates. */
const writeRequest = (
  client: SyntheticClient,
  request: PastRequest,
  terms: RequestTerms,
  position: { readonly key: number; readonly isFirst: boolean },
  tables: HistoryTables,
  random: SeededRandom,
): void => {
  const { loan, answer } = request.kind;
  const table = tables.previous_application;
  const isApproved = answer === 'approved';
  table.integer(position.key);
  table.integer(client.identifier);
  table.word(marginals.loanNames[loan]);
  table.thousandths(terms.annuity);
  table.thousandths(terms.asked);
  table.thousandths(terms.credit);
  table.thousandths(terms.downPayment);
  table.thousandths(terms.goodsPrice);
  table.word(drawWord(weekdays, random));
  table.integer(Math.round(quantile(globalMarginals.requestHour, random.uniform())));
  const isRepeated = chance(0.0045, random);
  table.word(isRepeated ? no : yes);
  table.integer(isRepeated && chance(0.7, random) ? 0 : 1);
  table.number(terms.downPaymentRate, true);
  const isRateKnown = isApproved && loan === 'consumer' && chance(0.011, random);
  table.number(isRateKnown ? 0.142443 + 0.2 * random.uniform() ** 3 : none, true);
  table.number(isRateKnown ? 0.715 + 0.15 * random.uniform() : none, true);
  table.word(loan === 'cash' ? drawWord(marginals.cashPurposes, random) : xap);
  table.word(marginals.answerNames[answer]);
  table.integer(request.decisionDay);
  table.word(terms.isWorkedOut && loan !== 'card' ? drawWord(marginals.paymentTypes, random) : xna);
  table.word(answer === 'refused' ? drawWord(marginals.refusalReasons, random) : answer === 'unused' ? clientLeft : xap);
  const companyMissing = !terms.isWorkedOut ? 0.97 : loan === 'card' ? 0.57 : answer === 'unused' ? 0.79 : 0.34;
  table.word(chance(companyMissing, random) ? nothing : drawWord(loan === 'consumer' ? marginals.company : marginals.companyForCash, random));
  table.word(position.isFirst ? isNew : drawWord(marginals.clientTypes, random));
  for (const cell of terms.words) table.word(cell);
  table.integer(terms.sellerArea);
  table.word(terms.industry);
  table.float(terms.term);
  table.word(terms.yieldGroup);
  table.word(terms.product);
};

const writeDays = (days: ContractDays | null, isInsured: boolean, tables: HistoryTables): void => {
  const table = tables.previous_application;
  table.float(days?.firstDrawing ?? none);
  table.float(days?.firstDue ?? none);
  table.float(days?.lastDueFirstVersion ?? none);
  table.float(days?.lastDue ?? none);
  table.float(days?.termination ?? none);
  table.float(days === null ? none : isInsured ? 1 : 0);
  table.endRow();
};

const followUp = (
  client: SyntheticClient,
  request: PastRequest,
  terms: RequestTerms,
  key: number,
  habit: PaymentHabit,
  tables: HistoryTables,
  random: SeededRandom,
): void => {
  const { loan, answer } = request.kind;
  if (answer !== 'approved') {
    writeDays(null, false, tables);
    return;
  }
  if (loan === 'card') {
    // Four in a hundred cards never reached the system that keeps the dates.
    writeDays(chance(0.04, random) ? null : cardDays(request.decisionDay, random), chance(0.004, random), tables);
    if (chance(0.95, random)) drawCard({ key, limit: terms.credit, decisionDay: request.decisionDay }, client, habit, tables, random);
    return;
  }
  const plan = planLoan({ key, isCash: loan === 'cash', decisionDay: request.decisionDay, term: terms.term, annuity: terms.annuity }, random);
  const hasHistory = chance(loan === 'cash' ? 0.92 : 0.975, random);
  writeDays(hasHistory || chance(0.1, random) ? loanDays(plan, random) : null, chance(loan === 'cash' ? 0.806 : 0.163, random), tables);
  if (hasHistory) drawLoanHistory(plan, client.identifier, habit, tables, random);
};

/**
 * Writes what the client asked this lender for before, and how every approved loan and card went since.
 * Four clients in a hundred come for the first time.
 */
export const drawPreviousApplications = (client: SyntheticClient, tables: HistoryTables, keys: KeyRange, random: SeededRandom): void => {
  if (chance(0.045, random)) return;
  const habit = drawPaymentHabit(client.traits, random);
  const requests = drawRequests(client, keys.left, random);
  for (const [index, request] of requests.entries()) {
    const key = keys.take();
    const terms = drawTerms(request.kind, client, random);
    const isFirst = index === 0 || (request.kind.loan === 'consumer' && chance(0.1, random));
    writeRequest(client, request, terms, { key, isFirst }, tables, random);
    followUp(client, request, terms, key, habit, tables, random);
  }
};
