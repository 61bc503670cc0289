import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { impliedTerms } from './implied-terms.ts';

const file = fileURLToPath(new URL('../../../../../../shared/data/home-credit/previous_application.csv.gz', import.meta.url));
const isThere = existsSync(file);
if (!isThere) console.warn('SKIPPED: real past loans; ../shared/data/home-credit is absent');

const usualTerms = new Set([12, 18, 24, 30, 36, 42, 48, 54, 60]);

/** Cash loans of the table of past applications, where the term is told. */
const readPastLoans = () => {
  const [header = '', ...lines] = gunzipSync(readFileSync(file)).toString().trimEnd().split(/\r?\n/u);
  const columns = header.split(',');
  return lines.flatMap((line) => {
    const cells = Array.from(line.matchAll(/(?:^|,)("[^"]*"|[^,]*)/gu), ([, cell = '']) => cell);
    const numberIn = (column: string): number => Number.parseFloat(cells[columns.indexOf(column)] ?? '');
    const loan = {
      credit: numberIn('AMT_CREDIT'),
      annuity: numberIn('AMT_ANNUITY'),
      goodsPrice: numberIn('AMT_GOODS_PRICE'),
      termMonths: numberIn('CNT_PAYMENT'),
      daysBefore: -numberIn('DAYS_DECISION'),
    };
    const isCashLoan = cells[columns.indexOf('NAME_CONTRACT_TYPE')] === 'Cash loans';
    return isCashLoan && loan.credit > 0 && loan.annuity > 0 && loan.goodsPrice > 0 && usualTerms.has(loan.termMonths) ? [loan] : [];
  });
};

(isThere ? describe : describe.skip)('impliedTerms on real past loans (../shared/data/home-credit)', () => {
  it('finds the term that the table tells: of 95 loans in a hundred, and of more among recent ones', () => {
    const loans = readPastLoans();
    const shareFound = (chosen: typeof loans): number =>
      chosen.filter(({ credit, annuity, goodsPrice, termMonths }) => impliedTerms(credit, annuity, goodsPrice).termMonths === termMonths).length /
      chosen.length;
    const recent = loans.filter(({ daysBefore }) => daysBefore <= 365);
    expect(loans.length).toBeGreaterThan(7_000);
    expect(recent.length).toBeGreaterThan(1_000);
    expect(shareFound(loans)).toBeGreaterThan(0.95);
    expect(shareFound(recent)).toBeGreaterThan(0.96);
  });
});
