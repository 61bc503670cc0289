import type { SeededRandom } from '@lisible/credit';
import { encodeCell } from './byte-table.ts';
import type { SyntheticClient } from './client.ts';
import { chance, clamp, normalShare, quantile } from './draws.ts';
import * as marginals from './previous-marginals.ts';
import type { RequestKind } from './previous-marginals.ts';
import { drawIndex, drawWord, wordTable } from './word-draw.ts';

const none = Number.NaN;
const xna = encodeCell('XNA');
/** NAME_GOODS_CATEGORY, NAME_PORTFOLIO, NAME_PRODUCT_TYPE, CHANNEL_TYPE. */
type Words = readonly [goods: Uint8Array, portfolio: Uint8Array, productType: Uint8Array, channel: Uint8Array];

/** What was asked for and on what terms; amounts in thousandths, NaN and XNA where the source says nothing. */
export interface RequestTerms {
  readonly asked: number;
  readonly credit: number;
  readonly annuity: number;
  readonly goodsPrice: number;
  readonly downPayment: number;
  readonly downPaymentRate: number;
  /** Number of instalments; 0 for cards. */
  readonly term: number;
  /** The request went far enough to have terms: most cancelled ones did not. */
  readonly isWorkedOut: boolean;
  readonly words: Words;
  readonly sellerArea: number;
  readonly industry: Uint8Array;
  readonly yieldGroup: Uint8Array;
  readonly product: Uint8Array;
}

const goodsShares = wordTable(marginals.goods.map(([name, , , share]) => [name, share] as const));
const industryCells = marginals.goods.map(([, industry]) => encodeCell(industry));
const consumerTerms = wordTable(marginals.consumerTerms);
const cashTerms = wordTable(marginals.cashTerms);
const cardLimits = wordTable(marginals.cardLimits);
const yieldCells = marginals.yieldGroups.map(([name]) => encodeCell(name));
const posProducts = new Map(
  ['mobile', 'household', 'industry', 'other'].map((goods) => [
    goods,
    {
      withInterest: encodeCell(`POS ${goods} with interest`),
      without: encodeCell(`POS ${goods === 'other' ? 'others' : goods} without interest`),
    },
  ]),
);
const [crossSell, walkIn] = ['x-sell', 'walk-in'].map(encodeCell);
const productOfYield = ['low', 'low', 'middle', 'high'];
const cashProducts = ['X-Sell', 'Street'].map((kind) => productOfYield.map((level) => encodeCell(`Cash ${kind}: ${level}`)));
const cardProducts = ['Card X-Sell', 'Card Street'].map(encodeCell);
const [cashAlone, pos, cash, cards] = ['Cash', 'POS', 'Cash', 'Cards'].map(encodeCell);

const unit = 4_500;
/** In thousandths, to the accounting unit where it is lent. */
const toUnit = (amount: number): number => Math.max(1, Math.round(amount / 4_500)) * 4_500_000;
const toAccounting = (amount: number): number => Math.round(amount / 4_500) * unit;

const drawYield = (isCash: boolean, refusability: number, random: SeededRandom): number => {
  const at = normalShare(0.45 * refusability + 0.893 * random.normal());
  const index = marginals.yieldGroups.findIndex(([, upperConsumer, upperCash]) => at <= (isCash ? upperCash : upperConsumer));
  return index < 0 ? marginals.yieldGroups.length - 1 : index;
};

/** Paid back over lent, in `term` instalments. */
const costOver = (yieldGroup: number, term: number): number =>
  1 + ((marginals.yieldGroups[yieldGroup]?.[3] ?? 1.2) - 1) * (0.35 + (0.65 * term) / 12);

const termIn = (names: typeof marginals.cashTerms, table: typeof cashTerms, random: SeededRandom): number =>
  Number(names[drawIndex(table, random)]?.[0] ?? 12);

const consumerLoan = (kind: RequestKind, client: SyntheticClient, random: SeededRandom): RequestTerms => {
  const goods = drawIndex(goodsShares, random);
  const [, , productWord = 'other', , logPrice = 11] = marginals.goods[goods] ?? [];
  const income = clamp(Math.log(client.person.income) - 11.9, -1.5, 1.5);
  const price = Math.max(5_575, Math.exp(logPrice + 0.3 * income + 0.6 * random.normal()));
  const asked = Math.round(price * 200) * 5;
  const rate = chance(0.46, random)
    ? 0
    : chance(0.7, random)
      ? 0.1 + 0.01 * random.uniform()
      : clamp(0.12 - 0.13 * Math.log(1 - random.uniform()), 0, 0.78);
  const credit = toAccounting(asked * quantile(marginals.consumerCreditOverAsked, random.uniform()) * (1 - 0.6 * rate));
  const term = termIn(marginals.consumerTerms, consumerTerms, random);
  const isUnused = kind.answer === 'unused';
  const isWorkedOut = kind.answer === 'approved' || (kind.answer === 'refused' && chance(0.82, random));
  const yieldGroup = drawYield(false, client.traits.refusability, random);
  const products = posProducts.get(productWord);
  const hasDownPayment = isUnused ? chance(0.94, random) : kind.answer === 'approved' || chance(0.98, random);
  return {
    asked,
    credit,
    annuity: isWorkedOut ? Math.round((credit * costOver(yieldGroup, term)) / term / 5) * 5 : none,
    goodsPrice: asked,
    downPayment: hasDownPayment ? Math.round((asked * rate) / 500) * 500 : none,
    downPaymentRate: hasDownPayment ? rate : none,
    term: isWorkedOut ? term : none,
    isWorkedOut,
    words: [goodsShares.cells[goods] ?? xna, isWorkedOut ? (pos ?? xna) : xna, xna, drawWord(marginals.shopChannels, random)],
    sellerArea: Math.round(quantile(marginals.sellerAreas, random.uniform())),
    industry: industryCells[goods] ?? xna,
    yieldGroup: isWorkedOut ? (yieldCells[yieldGroup] ?? xna) : xna,
    product: (yieldGroup === 0 ? products?.without : products?.withInterest) ?? xna,
  };
};

/** How a request that was cancelled before it had terms looks: a sum of zero, the product not said. */
const withoutTerms = (random: SeededRandom, product: Uint8Array): RequestTerms => ({
  asked: 0,
  credit: 0,
  annuity: none,
  goodsPrice: none,
  downPayment: none,
  downPaymentRate: none,
  term: none,
  isWorkedOut: false,
  words: [xna, xna, xna, drawWord(marginals.officeChannels, random)],
  sellerArea: -1,
  industry: xna,
  yieldGroup: xna,
  product,
});

const cashLoan = (kind: RequestKind, client: SyntheticClient, random: SeededRandom): RequestTerms => {
  if (kind.answer === 'canceled' ? chance(0.966, random) : kind.answer === 'refused' && chance(0.176, random)) {
    return withoutTerms(random, cashAlone ?? xna);
  }
  const income = clamp(Math.log(client.person.income) - 11.9, -1.5, 1.5);
  const asked = toUnit(clamp(Math.exp(12.45 + (kind.answer === 'refused' ? 0.3 : 0) + 0.5 * income + 0.8 * random.normal()), 45_000, 2_340_000));
  const credit = toAccounting(asked * quantile(marginals.cashCreditOverAsked, random.uniform()));
  const term = termIn(marginals.cashTerms, cashTerms, random);
  const yieldGroup = drawYield(true, client.traits.refusability, random);
  const isWalkIn = chance(0.212, random);
  return {
    asked,
    credit,
    annuity: Math.round((credit * costOver(yieldGroup, term)) / term / 5) * 5,
    goodsPrice: asked,
    downPayment: chance(0.12, random) ? 0 : none,
    downPaymentRate: none,
    term,
    isWorkedOut: true,
    words: [xna, cash ?? xna, (isWalkIn ? walkIn : crossSell) ?? xna, drawWord(marginals.officeChannels, random)],
    sellerArea: chance(0.7, random) ? -1 : Math.round(quantile(marginals.sellerAreas, random.uniform())),
    industry: xna,
    yieldGroup: yieldCells[yieldGroup] ?? xna,
    product: cashProducts[isWalkIn ? 1 : 0]?.[yieldGroup] ?? xna,
  };
};

const card = (kind: RequestKind, random: SeededRandom): RequestTerms => {
  const isWalkIn = chance(0.34, random);
  const product = cardProducts[isWalkIn ? 1 : 0] ?? xna;
  if (kind.answer === 'canceled' ? chance(0.992, random) : kind.answer === 'refused' && chance(0.06, random)) return withoutTerms(random, product);
  const limit = Number(marginals.cardLimits[drawIndex(cardLimits, random)]?.[0] ?? 0) * 1000;
  const isAskedForNothing = chance(0.43, random);
  return {
    asked: isAskedForNothing ? 0 : limit,
    credit: limit,
    annuity: Math.round(limit / 20 / 5) * 5,
    goodsPrice: isAskedForNothing ? none : limit,
    downPayment: none,
    downPaymentRate: none,
    term: 0,
    isWorkedOut: true,
    words: [xna, cards ?? xna, (isWalkIn ? walkIn : crossSell) ?? xna, drawWord(marginals.officeChannels, random)],
    sellerArea: chance(0.6, random) ? -1 : Math.round(quantile(marginals.sellerAreas, random.uniform())),
    industry: xna,
    yieldGroup: xna,
    product,
  };
};

export const drawTerms = (kind: RequestKind, client: SyntheticClient, random: SeededRandom): RequestTerms =>
  kind.loan === 'consumer' ? consumerLoan(kind, client, random) : kind.loan === 'cash' ? cashLoan(kind, client, random) : card(kind, random);
