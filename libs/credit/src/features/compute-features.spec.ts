import * as fc from 'fast-check';
import type { Application } from '@lisible/contracts';
import { homeCreditCatalogue } from '../home-credit/index.ts';
import { applications } from '../home-credit/applications.arbitrary.ts';
import {
  codeApplication,
  codeHistoryField,
  computeFeatureMatrix,
  computeFeatures,
  computeModelReading,
  createCodedRows,
  modelFeatureNames,
  policyInputs,
  readCodedRows,
  toVector,
} from './index.ts';

const catalogue = homeCreditCatalogue;
const bare: Application = {
  applicationId: 'A-1',
  clientId: 'C-1',
  submittedAt: '2026-01-07T10:30:00Z',
  currency: 'EUR',
  contractType: 'cash-loan',
  creditAmount: 400_000,
  incomeAmount: 200_000,
  birthDate: '1990-06-15',
};
const withFields = (fields: Readonly<Record<string, string | number | boolean>>): Application => ({ ...bare, ...fields });
const featuresOf = (fields: Readonly<Record<string, string | number | boolean>>) => computeFeatures(catalogue, withFields(fields));

describe('computeFeatures', () => {
  it('gives every feature of the catalogue, as float32 numbers or null', () => {
    fc.assert(
      fc.property(applications, (application) => {
        const features = computeFeatures(catalogue, application);
        expect(Object.keys(features)).toEqual(catalogue.features.map(({ name }) => name));
        for (const value of Object.values(features)) {
          if (value === null) continue;
          expect(Object.is(Math.fround(value), value)).toBe(true);
          expect(Object.is(value, -0)).toBe(false);
          expect(Number.isFinite(value)).toBe(true);
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('reads for model and policy at once what it reads for each', () => {
    const many = fc.sample(applications, { seed: 9, numRuns: 50 });
    const names = modelFeatureNames(catalogue);
    const { features, policyInputs: inputs } = computeModelReading(catalogue, many, names);
    expect(features).toEqual(computeFeatureMatrix(catalogue, many, names));
    expect(inputs).toEqual(many.map((application) => policyInputs(catalogue, application)));
  });

  it('reads column by column what it reads one by one, pasts included', () => {
    const names = catalogue.features.map(({ name }) => name);
    const many = fc.sample(applications, { seed: 10, numRuns: 60 });
    const pasts = many.map((_, row) =>
      row % 3 === 0
        ? null
        : Object.fromEntries(catalogue.historyFields.map(({ name }, field) => [name, field % 7 === row % 7 ? null : field * 1.5 + row])),
    );
    const rows = createCodedRows(catalogue, many.length);
    for (const [row, application] of many.entries()) codeApplication(catalogue, rows, row, application);
    for (const { name } of catalogue.historyFields)
      codeHistoryField(
        catalogue,
        rows,
        name,
        Float64Array.from(pasts, (past) => past?.[name] ?? Number.NaN),
      );
    const { features, policyInputs: inputs } = readCodedRows(catalogue, rows, names);
    expect(features).toEqual(computeFeatureMatrix(catalogue, many, names, pasts));
    expect(inputs).toEqual(many.map((application, row) => policyInputs(catalogue, application, pasts[row])));
    expect(() => readCodedRows(catalogue, rows, ['shoeSize'])).toThrow(RangeError);
    expect(() => codeHistoryField(catalogue, rows, 'shoeSize', new Float64Array(many.length))).toThrow(RangeError);
  });

  it('gives one by one what it gives in bulk, to the bit', () => {
    const names = modelFeatureNames(catalogue);
    fc.assert(
      fc.property(fc.array(applications, { minLength: 1, maxLength: 5 }), (several) => {
        const matrix = computeFeatureMatrix(catalogue, several, names);
        expect(matrix).toMatchObject({ numRows: several.length, numFeatures: names.length });
        for (const [row, application] of several.entries()) {
          const inBulk = matrix.values.subarray(row * names.length, (row + 1) * names.length);
          expect(toVector(names, computeFeatures(catalogue, application))).toEqual(inBulk);
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('does not let protected fields move a model feature', () => {
    const names = modelFeatureNames(catalogue);
    const protectedFields = catalogue.fields.filter(({ protection }) => protection !== null).map(({ name }) => name);
    expect(protectedFields.toSorted()).toEqual(['accompaniedBy', 'birthDate', 'childrenCount', 'familyMembersCount', 'familyStatus', 'sex']);
    fc.assert(
      fc.property(applications, applications, (one, other) => {
        const swapped: Application = { ...one };
        for (const name of protectedFields) {
          const value = other[name];
          if (value === undefined) delete swapped[name];
          else swapped[name] = value;
        }
        expect(toVector(names, computeFeatures(catalogue, swapped))).toEqual(toVector(names, computeFeatures(catalogue, one)));
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('computes the ratios of the loan', () => {
    const features = featuresOf({ annuityAmount: 25_000, goodsPriceAmount: 320_000 });
    expect(features).toMatchObject({
      creditToIncome: 2,
      annuityToIncome: 0.125,
      creditToAnnuity: 16,
      creditToGoodsPrice: 1.25,
      remainingIncomeAmount: 175_000,
    });
  });

  it('takes a ratio to zero, or to something missing, as missing', () => {
    expect(featuresOf({ incomeAmount: 0 })['creditToIncome']).toBeNull();
    expect(featuresOf({ incomeAmount: 0, annuityAmount: 0 })['annuityToIncome']).toBeNull();
    expect(featuresOf({})['annuityToIncome']).toBeNull();
  });

  it('takes statistics over the external scores that are known', () => {
    expect(featuresOf({ externalScore1: 0.25, externalScore3: 0.75 })).toMatchObject({
      externalScoreMean: 0.5,
      externalScoreMin: 0.25,
      externalScoreMax: 0.75,
      externalScoreSpread: 0.25,
      externalScoreProduct: null,
      externalScoresMissingCount: 1,
      externalScoreWeightedMean: Math.fround((0.25 * 2 + 0.75 * 3) / 5),
    });
    expect(featuresOf({ externalScore1: 0.5, externalScore2: 0.5, externalScore3: 0.5 })).toMatchObject({
      externalScoreProduct: 0.125,
      externalScoreSpread: 0,
      externalScoresMissingCount: 0,
    });
    expect(featuresOf({ externalScore2: 0.5 })).toMatchObject({ externalScoreMean: 0.5, externalScoreSpread: null });
    expect(featuresOf({})).toMatchObject({
      externalScoreMean: null,
      externalScoreMin: null,
      externalScoreWeightedMean: null,
      externalScoresMissingCount: 3,
    });
  });

  it('measures dates as lengths before submission', () => {
    const features = featuresOf({ employedSince: '2022-01-07', phoneChangedOn: '2026-01-07' });
    expect(features['employmentYears']).toBe(Math.fround(1461 / 365.25));
    expect(features['phoneYears']).toBe(0);
    expect(features['ageYears']).toBeCloseTo(35.56, 2);
  });

  it('codes categories by declared order and takes those it has not seen as missing', () => {
    expect(featuresOf({ educationLevel: 'lower-secondary' })['educationLevel']).toBe(0);
    expect(featuresOf({ educationLevel: 'higher' })['educationLevel']).toBe(3);
    expect(featuresOf({ educationLevel: 'self-taught' })['educationLevel']).toBeNull();
    expect(featuresOf({ educationLevel: '__proto__' })['educationLevel']).toBeNull();
  });

  it('codes maternity leave as the job that it interrupts', () => {
    expect(featuresOf({ incomeType: 'maternity-leave' })['incomeType']).toBe(featuresOf({ incomeType: 'working' })['incomeType']);
  });

  it('tells the retired and unemployed from those whose job is unknown', () => {
    expect(featuresOf({ incomeType: 'pensioner' })).toMatchObject({ isRetiredOrUnemployed: 1, employmentYears: null });
    expect(featuresOf({ incomeType: 'unemployed' })['isRetiredOrUnemployed']).toBe(1);
    expect(featuresOf({ incomeType: 'working' })['isRetiredOrUnemployed']).toBe(0);
    expect(featuresOf({ incomeType: 'pensioner', employedSince: '2020-01-01' })['isRetiredOrUnemployed']).toBe(0);
    expect(featuresOf({})['isRetiredOrUnemployed']).toBeNull();
  });

  it('refuses a feature that the catalogue does not have', () => {
    expect(() => computeFeatureMatrix(catalogue, [bare], ['creditAmount', 'horoscope'])).toThrow(RangeError);
  });
});

describe('policyInputs', () => {
  const isOfAge = (birthDate: string, submittedAt: string) => policyInputs(catalogue, withFields({ birthDate, submittedAt }))['isOfAge'];

  it('tells majority to the day', () => {
    expect(isOfAge('2008-01-07', '2026-01-07T00:00:00Z')).toBe(true);
    expect(isOfAge('2008-01-08', '2026-01-07T23:59:59Z')).toBe(false);
  });

  it('brings those born on 29 February of age on 1 March', () => {
    expect(isOfAge('2008-02-29', '2026-02-28T12:00:00Z')).toBe(false);
    expect(isOfAge('2008-02-29', '2026-03-01T00:00:00Z')).toBe(true);
  });

  it('gives claims and ratios, null where they cannot be told, and never a birth date', () => {
    const informative = catalogue.fields.filter(({ purpose }) => purpose === 'credit-assessment');
    const bareKnownShare = informative.filter(({ name }) => bare[name] !== undefined).length / informative.length;
    const inputs = policyInputs(catalogue, bare);
    expect(inputs).toEqual({
      isOfAge: true,
      creditAmount: 400_000,
      annuityToIncome: null,
      creditToIncome: 2,
      remainingIncomeAmount: null,
      hasCurrentEmployment: false,
      isInPaymentIncidentRegister: null,
      knownFieldShare: expect.closeTo(bareKnownShare, 12),
    });
  });
});
