import type { SeededRandom } from '@lisible/credit';
import { chance, clamp, fromNormal, pick, quantile, roundTo, withNoise } from './draws.ts';
import * as marginals from './marginals.ts';
import type { Cell, Part, Person } from './person.ts';

const accountingUnit = 4.5;

/** Draws the loan asked for and how it was asked. Revolving loans lose ground over the 24 months (`phase` from 0 to 1). */
export const drawLoan = (person: Person, phase: number, random: SeededRandom): Part => {
  const isRevolving = chance(0.0931 * (1.25 - 0.5 * phase), random);
  const incomeStanding = clamp((Math.log(person.income) - 11.9) / 0.49, -2.5, 2.5);
  const size = withNoise(0.42 * incomeStanding + 0.05 * ((person.ageYears - 43) / 12), 0.18, random);
  const goodsWanted = Math.exp((isRevolving ? 12.5 : 12.99) + (isRevolving ? 0.55 : 0.7) * size);
  const goods = clamp(roundTo(goodsWanted, chance(0.7, random) ? 45_000 : 4_500), 45_000, 4_050_000);
  const isBare = isRevolving || chance(0.284, random);
  const ratio = isBare ? 1 : chance(0.02, random) ? 0.6 + 0.39 * random.uniform() : quantile(marginals.creditOverGoods, random.uniform());
  const credit = roundTo(goods * ratio, accountingUnit);
  const term = isRevolving ? 20 : fromNormal(marginals.cashLoanTerm, withNoise(0.66 * size, 0.44, random));
  const annuity = roundTo(credit / term, accountingUnit);
  const documents = new Set(pick(marginals.documents, random).split('+'));
  const burden = annuity / person.income;
  const isNewAtWork = person.employmentYears !== null && person.employmentYears < 1.5;

  const logOdds =
    (isRevolving ? -0.35 : 0) +
    1.8 * (clamp(ratio, 0.8, 1.5) - 1.1) +
    0.5 * Math.tanh((burden - 0.18) / 0.1) +
    (isNewAtWork && burden > 0.22 ? 0.6 : 0) +
    (term < 12 ? -0.25 : term < 24 ? 0.15 : -0.05) -
    0.1 * size +
    (documents.has('3') ? 0.1 : documents.has('6') ? -0.1 : 0);

  const cells: Record<string, Cell> = {
    NAME_CONTRACT_TYPE: isRevolving ? 'Revolving loans' : 'Cash loans',
    AMT_CREDIT: credit,
    AMT_ANNUITY: chance(0.0001, random) ? null : annuity,
    AMT_GOODS_PRICE: chance(isRevolving ? 0.009 : 0, random) ? null : goods,
    NAME_TYPE_SUITE: pick(marginals.accompaniedBy, random) || null,
    HOUR_APPR_PROCESS_START: Math.round(clamp(quantile(marginals.requestHour, random.uniform()) - (person.regionRating - 2), 0, 23)),
  };
  for (let number = 2; number <= 21; number++) cells[`FLAG_DOCUMENT_${number}`] = documents.has(String(number)) ? 1 : 0;
  return { cells, logOdds };
};
