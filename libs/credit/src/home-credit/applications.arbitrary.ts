import * as fc from 'fast-check';
import type { Application, FieldValue } from '@lisible/contracts';
import type { FieldDefinition } from '../catalogue/index.ts';
import { dayOfInstant, isoDateOfDay } from '../features/index.ts';
import { homeCreditCatalogue } from './index.ts';

const valuesOf = (field: FieldDefinition, submissionDay: number): fc.Arbitrary<FieldValue> => {
  const min = field.range?.min ?? -1e9;
  const max = field.range?.max ?? 1e9;
  switch (field.type) {
    case 'number':
      return fc.double({ min, max, noNaN: true });
    case 'integer':
      return fc.integer({ min, max });
    case 'boolean':
      return fc.boolean();
    case 'category':
      return fc.constantFrom(...(field.categories ?? []).map(({ value }) => value));
    case 'date':
      // Born long ago and everything else since, so that no date comes before birth.
      return (field.name === 'birthDate' ? fc.integer({ min: 20_000, max: 30_000 }) : fc.integer({ min: 0, max: 15_000 })).map((days) =>
        isoDateOfDay(submissionDay - days),
      );
    case 'text':
      return fc.string({ minLength: 1, maxLength: 30 });
  }
};

/** Valid applications in their one form: envelope, then fields in catalogue order; optional fields are there or not. */
export const applications: fc.Arbitrary<Application> = fc
  .record({
    applicationId: fc.integer({ min: 1, max: 999_999 }).map(String),
    submittedAt: fc
      .date({ min: new Date('2015-01-01T00:00:00Z'), max: new Date('2030-12-31T23:59:59Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
  })
  .chain(({ applicationId, submittedAt }) => {
    const fields = Object.fromEntries(
      homeCreditCatalogue.fields.map((field) => {
        const values = valuesOf(field, dayOfInstant(submittedAt));
        return [field.name, field.isRequired ? values : fc.option(values, { freq: 3 })];
      }),
    );
    return fc.record(fields).map((drawn): Application => {
      const application: Application = { applicationId, clientId: applicationId, submittedAt, currency: 'EUR' };
      for (const [name, value] of Object.entries(drawn)) if (value !== null) application[name] = value;
      return application;
    });
  });
