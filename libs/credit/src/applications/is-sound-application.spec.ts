import * as fc from 'fast-check';
import type { Application, FieldValue } from '@lisible/contracts';
import { applications } from '../home-credit/applications.arbitrary.ts';
import { homeCreditCatalogue } from '../home-credit/index.ts';
import { isSoundApplication, validateApplication } from './index.ts';

const catalogue = homeCreditCatalogue;
const names = ['applicationId', 'clientId', 'branchId', 'submittedAt', 'currency', ...catalogue.fields.map(({ name }) => name)];
const wrongValues: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.constantFrom<FieldValue>(null, '', 'XNA', 'a word', '2026-02-30', '1899-12-31', '2090-01-01', true, -1, 0, 0.5, 1e12, Number.NaN, Infinity),
  fc.string({ maxLength: 250 }),
  fc.double(),
);

describe('isSoundApplication', () => {
  it('takes every application that validation gives back as it is', () => {
    fc.assert(
      fc.property(applications, (application) => {
        expect(isSoundApplication(catalogue, application)).toBe(true);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('takes none that validation refuses, mends or writes in another way', () => {
    let numTaken = 0;
    fc.assert(
      fc.property(
        applications,
        fc.array(fc.tuple(fc.constantFrom(...names), wrongValues), { minLength: 1, maxLength: 2 }),
        (application, changes) => {
          // What is not there takes its place among the others: the field's order is the maker's business.
          const changed = Object.fromEntries(
            names.flatMap((name) => {
              const value = changes.find(([at]) => at === name)?.[1] ?? application[name];
              return value === undefined ? [] : [[name, value]];
            }),
          ) as Application;
          for (const [name, value] of changes) if (value === null) changed[name] = null;
          if (!isSoundApplication(catalogue, changed)) return;
          numTaken += 1;
          const validation = validateApplication(catalogue, changed);
          expect(validation).toMatchObject({ isValid: true, application: changed });
          if (validation.isValid) expect(Object.entries(validation.application)).toEqual(Object.entries(changed));
        },
      ),
      { seed: 4, numRuns: 3000 },
    );
    expect(numTaken).toBeGreaterThan(100);
  });

  it('leaves a required field that is missing, and a date before the one it must follow, to validation', () => {
    const [sample] = fc.sample(applications, { seed: 5, numRuns: 1 });
    const required = catalogue.fields.find(({ isRequired }) => isRequired);
    const { [required!.name]: _left, ...without } = sample!;
    expect(isSoundApplication(catalogue, without as Application)).toBe(false);
    expect(isSoundApplication(catalogue, { ...sample!, birthDate: '1990-01-01', employedSince: '1989-12-31' } as Application)).toBe(false);
  });
});
