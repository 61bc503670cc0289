import * as fc from 'fast-check';
import { computeFeatures } from '../../features/index.ts';
import { homeCreditCatalogue } from '../index.ts';
import { annualRateOf, impliedTerms } from './implied-terms.ts';

/** The instalment of a loan, its interest paid month by month: found by paying it back, not by a closed formula. */
const owedAfter = (credit: number, instalment: number, annualRate: number, months: number): number => {
  let owed = credit;
  for (let month = 0; month < months; month += 1) owed = owed * (1 + annualRate / 12) - instalment;
  return owed;
};
const instalmentOf = (credit: number, annualRate: number, months: number): number => {
  const monthly = annualRate / 12;
  return (credit * monthly) / (1 - (1 + monthly) ** -months);
};

describe('annualRateOf', () => {
  it('is the rate at which the instalments pay the credit back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 120 }), fc.double({ min: 0.02, max: 0.98, noNaN: true }), (months, share) => {
        const rate = annualRateOf(months * share, months);
        expect(rate).toBeGreaterThan(0);
        // In units of the credit, after as many instalments of 1 / (months × share) as the term has.
        const grown = (1 + rate / 12) ** months;
        expect(Math.abs(owedAfter(1, 1 / (months * share), rate, months)) / grown).toBeLessThan(1e-9);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('knows no rate where the instalments do not add up to the credit', () => {
    for (const [creditToAnnuity, months] of [
      [12, 12],
      [13, 12],
      [0, 12],
      [-5, 12],
      [Number.NaN, 12],
    ] as const) {
      expect(annualRateOf(creditToAnnuity, months)).toBeNaN();
    }
  });
});

describe('impliedTerms', () => {
  it.each([
    { months: 12, annualRate: 0.2985, insurance: 0, fee: 0 },
    { months: 24, annualRate: 0.709, insurance: 4 * 24 * 0.0011, fee: 129.5 },
    { months: 36, annualRate: 0.451, insurance: 3 * 36 * 0.0011, fee: 129.5 },
    { months: 48, annualRate: 0.502, insurance: 8 * 48 * 0.0011, fee: 0 },
    { months: 60, annualRate: 0.248, insurance: 0, fee: 129.5 },
    { months: 60, annualRate: 0.2985, insurance: 2.2 * 60 * 0.0011, fee: 0 },
  ])('finds $months months at $annualRate, a fee of $fee and insurance of $insurance from the amounts', (loan) => {
    const goods = 300_000;
    const credit = goods * (1 + loan.insurance);
    const terms = impliedTerms(credit, instalmentOf(credit, loan.annualRate, loan.months) + loan.fee, goods);
    expect(terms.termMonths).toBe(loan.months);
    // Other terms are possible too, and weigh a little.
    expect(Math.abs(terms.annualRate - loan.annualRate)).toBeLessThan(0.02);
  });

  it('tells two terms apart by the insurance', () => {
    // 24.9 instalments of credit are 48 months at 36.9 % or 54 at 40.0 %: the insurance tells for how many months it was paid.
    const insuredFor = (months: number) => {
      const credit = 300_000 * (1 + 4 * months * 0.0011);
      return impliedTerms(credit, credit / 24.902, 300_000);
    };
    expect([insuredFor(48).termMonths, insuredFor(54).termMonths]).toEqual([48, 54]);
  });

  it('stays within the usual terms and rates', () => {
    const amount = fc.double({ min: 100, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(amount, fc.double({ min: 1, max: 70, noNaN: true }), fc.double({ min: 0.5, max: 2, noNaN: true }), (goods, quotient, share) => {
        const credit = goods * share;
        const terms = impliedTerms(credit, credit / quotient, goods);
        expect(Number.isNaN(terms.termMonths)).toBe(Number.isNaN(terms.annualRate));
        if (Number.isNaN(terms.termMonths)) return;
        expect([12, 18, 24, 30, 36, 42, 48, 54, 60]).toContain(terms.termMonths);
        expect(terms.termMonths).toBeGreaterThan(quotient);
        expect(terms.annualRate).toBeGreaterThanOrEqual(0.17 - 1e-9);
        expect(terms.annualRate).toBeLessThanOrEqual(0.73 + 1e-9);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it('knows nothing without credit or instalment, nor where no usual term fits; a missing price is no insurance', () => {
    const nothing = { termMonths: Number.NaN, annualRate: Number.NaN };
    expect(impliedTerms(Number.NaN, 500, 9_000)).toEqual(nothing);
    expect(impliedTerms(10_000, Number.NaN, 9_000)).toEqual(nothing);
    expect(impliedTerms(10_000, 0, 9_000)).toEqual(nothing);
    expect(impliedTerms(10_000, 9_000, 9_000)).toEqual(nothing);
    expect(impliedTerms(10_000, 100, 9_000)).toEqual(nothing);
    expect(impliedTerms(10_000, 500, Number.NaN)).toEqual(impliedTerms(10_000, 500, 10_000));
  });
});

describe('features of the price', () => {
  const application = {
    applicationId: 'A-1',
    clientId: 'C-1',
    submittedAt: '2026-01-07T10:30:00Z',
    currency: 'EUR',
    creditAmount: 10_000,
    annuityAmount: instalmentOf(10_000, 0.2985, 36),
    goodsPriceAmount: 10_000,
  };

  it('are those of the implied terms for a cash loan', () => {
    const features = computeFeatures(homeCreditCatalogue, { ...application, contractType: 'cash-loan' });
    expect(features).toMatchObject({ impliedTermMonths: 36, repaidToGoodsPrice: Math.fround((application.annuityAmount * 36) / 10_000) });
    expect(features['impliedAnnualRate']).toBeCloseTo(0.2985, 1);
  });

  it('do not apply to revolving credit', () => {
    const features = computeFeatures(homeCreditCatalogue, { ...application, contractType: 'revolving-loan' });
    expect(features).toMatchObject({ impliedAnnualRate: null, impliedTermMonths: null, repaidToGoodsPrice: null });
    for (const name of ['impliedAnnualRate', 'impliedTermMonths', 'repaidToGoodsPrice']) {
      const notApplicable = homeCreditCatalogue.features.find((feature) => feature.name === name)?.notApplicable ?? [];
      expect(notApplicable.some(({ feature, value }) => features[feature] === value)).toBe(true);
    }
  });
});
