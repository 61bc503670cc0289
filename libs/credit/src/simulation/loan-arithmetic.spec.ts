import fc from 'fast-check';
import { homeCreditCatalogue } from '../home-credit/index.ts';
import { amountStep, changeLoan, instalmentOf, loanCandidates, readLoan, withTerms } from './loan-arithmetic.ts';
import type { PricedLoan } from './loan-arithmetic.ts';

const range = [6, 12, 24, 36, 60];
const loan: PricedLoan = {
  terms: { creditAmount: 300_000, annuityAmount: instalmentOf(300_000, 0.24, 24) + 130, goodsPriceAmount: 270_000, termMonths: 24 },
  price: { annualRate: 0.24, monthlyFee: 130 },
};

describe('a loan whose terms change', () => {
  it('pays what the annuity formula says', () => {
    // Any loan calculator: 10,000 at 12 % a year over 12 months.
    expect(instalmentOf(10_000, 0.12, 12)).toBeCloseTo(888.4879, 4);
    expect(instalmentOf(12_000, 0, 12)).toBe(1000);
  });

  it('is the same when nothing changes', () => {
    expect(changeLoan(loan, {}, range)).toBe(loan.terms);
    expect(changeLoan(loan, { creditAmount: 300_000, termMonths: 24 }, range)).toBe(loan.terms);
  });

  it('has an instalment and a price of the goods that follow', () => {
    const less = changeLoan(loan, { creditAmount: 150_000 }, range);
    expect(less).toEqual({
      creditAmount: 150_000,
      termMonths: 24,
      goodsPriceAmount: 135_000,
      annuityAmount: Math.round((instalmentOf(150_000, 0.24, 24) + 130) * 100) / 100,
    });
    expect(changeLoan(loan, { termMonths: 36 }, range).annuityAmount).toBeLessThan(loan.terms.annuityAmount);
  });

  it('meets a term or an instalment as nearly as the terms on offer allow', () => {
    expect(changeLoan(loan, { termMonths: 33 }, range).termMonths).toBe(36);
    const { annuityAmount } = changeLoan(loan, { termMonths: 36 }, range);
    expect(changeLoan(loan, { annuityAmount }, range).termMonths).toBe(36);
    expect(changeLoan(loan, { annuityAmount: 1 }, range).termMonths).toBe(60);
    expect(changeLoan(loan, { annuityAmount: 1e7 }, range).termMonths).toBe(6);
  });

  it('never costs less a month for more money or fewer months', () => {
    const amount = fc.integer({ min: 10_000, max: 2_000_000 });
    const term = fc.constantFrom(...range);
    fc.assert(
      fc.property(amount, amount, term, term, (a, b, m, n) => {
        const [small, large, short, long] = [Math.min(a, b), Math.max(a, b), Math.min(m, n), Math.max(m, n)];
        const pay = (creditAmount: number, termMonths: number): number => changeLoan(loan, { creditAmount, termMonths }, range).annuityAmount;
        expect(pay(small, long)).toBeLessThanOrEqual(pay(large, short));
      }),
      { seed: 7 },
    );
  });
});

describe('a loan read from an application', () => {
  const reading = homeCreditCatalogue.loan!;

  it('gives back the application’s own amounts', () => {
    const application = { creditAmount: 406_597.5, annuityAmount: 24_700.5, goodsPriceAmount: 351_000, incomeAmount: 202_500 };
    const read = readLoan(reading, application);
    expect(read?.terms).toMatchObject({ creditAmount: 406_597.5, annuityAmount: 24_700.5, goodsPriceAmount: 351_000 });
    expect(withTerms(reading, application, read!.terms)).toEqual(application);
    expect(read!.price.annualRate).toBeGreaterThan(0.17);
  });

  it('is none without an instalment', () => {
    expect(readLoan(reading, { creditAmount: 1000, annuityAmount: null })).toBeNull();
  });
});

describe('candidates for advice', () => {
  it('are amounts that a person would name, never more money, the least change first, and never the loan itself', () => {
    const reading = homeCreditCatalogue.loan!;
    const asked = { ...loan, terms: { ...loan.terms, creditAmount: 268_450 } };
    const readAsMeant = {
      ...reading,
      terms: range,
      impliedTerms: (credit: number, annuity: number) => ({
        termMonths: range.find((months) => Math.abs(instalmentOf(credit, 0.24, months) + 130 - annuity) < 1) ?? 24,
        annualRate: credit === 200_000 ? 0.5 : 0.24,
      }),
    };
    const candidates = loanCandidates(asked, readAsMeant);
    const amounts = new Set(candidates.map(({ terms }) => terms.creditAmount));
    expect([...amounts].every((amount) => amount === 268_450 || amount % 5000 === 0)).toBe(true);
    // Read as another rate, so left out.
    expect(amounts.has(200_000)).toBe(false);
    expect(amounts.has(195_000)).toBe(true);
    expect(Math.max(...candidates.map(({ terms }) => terms.annuityAmount))).toBeLessThanOrEqual(loan.terms.annuityAmount);
    expect(Math.max(...amounts)).toBe(268_450);
    expect(Math.min(...amounts)).toBe(110_000);
    expect(candidates.map(({ cost }) => cost)).toEqual(candidates.map(({ cost }) => cost).toSorted((a, b) => a - b));
    expect(candidates[0]?.cost).toBeGreaterThan(0);
    expect([9, 12_345, 999_999].map(amountStep)).toEqual([0.1, 200, 10_000]);
  });
});
