import * as fc from 'fast-check';
import { applicationSchema } from '@lisible/contracts';
import { homeCreditCatalogue as catalogue } from '../home-credit/index.ts';
import { applications } from '../home-credit/applications.arbitrary.ts';
import { dataQualityNotes, displayNameOf, validateApplication } from './index.ts';

const good = {
  applicationId: 'A-1',
  clientId: 'C-1',
  submittedAt: '2026-01-07T10:30:00Z',
  currency: 'EUR',
  contractType: 'cash-loan',
  creditAmount: 400_000,
  incomeAmount: 200_000,
  birthDate: '1990-06-15',
};

const problemsOf = (input: unknown) => {
  const validation = validateApplication(catalogue, input);
  return validation.isValid ? [] : validation.problems;
};
const codesOf = (input: unknown) => problemsOf(input).map(({ field, code }) => `${field}: ${code}`);

describe('validateApplication', () => {
  it('accepts what a loan request cannot be without, and says what it would have liked to know', () => {
    const validation = validateApplication(catalogue, good);
    expect(validation).toMatchObject({ isValid: true, application: good });
    expect(validation.isValid && validation.notes.map(({ kind, field }) => `${kind} ${field}`)).toEqual([
      'history-missing null',
      'missing annuityAmount',
      'missing incomeType',
      'missing externalScore1',
      'missing externalScore2',
      'missing externalScore3',
      'missing educationLevel',
    ]);
  });

  it('accepts every valid application and gives it back in one form', () => {
    fc.assert(
      fc.property(applications, (application) => {
        const validation = validateApplication(catalogue, application);
        expect(validation).toMatchObject({ isValid: true });
        expect(validation.isValid && JSON.stringify(validation.application)).toBe(JSON.stringify(application));
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it('takes null and absence for the same, and does not mind the order', () => {
    const shuffled = { ...Object.fromEntries(Object.entries(good).toReversed()), branchId: null, annuityAmount: null };
    const validation = validateApplication(catalogue, shuffled);
    expect(validation.isValid && JSON.stringify(validation.application)).toBe(JSON.stringify(good));
  });

  it('names every missing required field', () => {
    expect(codesOf({})).toEqual(
      ['applicationId', 'clientId', 'submittedAt', 'currency', 'contractType', 'creditAmount', 'incomeAmount', 'birthDate'].map(
        (name) => `${name}: missing`,
      ),
    );
  });

  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['an unknown field', { creditAmout: 1 }, ['creditAmout: unknown-field']],
    ['a raw column', { AMT_CREDIT: 1 }, ['AMT_CREDIT: unknown-field']],
    ['a number as text', { creditAmount: '400000' }, ['creditAmount: wrong-type']],
    ['a truth value as number', { ownsCar: 1 }, ['ownsCar: wrong-type']],
    ['a fraction of a child', { childrenCount: 1.5 }, ['childrenCount: wrong-type']],
    ['an object for a category', { occupation: { name: 'cook' } }, ['occupation: wrong-type']],
    ['an empty category', { occupation: '' }, ['occupation: wrong-type']],
    ['a negative credit', { creditAmount: -1 }, ['creditAmount: out-of-range']],
    ['a score above one', { externalScore2: 1.01 }, ['externalScore2: out-of-range']],
    ['a birth in the future', { birthDate: '2030-01-01' }, ['birthDate: in-the-future']],
    ['a birth in another age', { birthDate: '1815-12-10' }, ['birthDate: too-long-ago']],
    ['a day that does not exist', { birthDate: '1990-02-30' }, ['birthDate: invalid-date']],
    ['a date as number', { birthDate: 19_900_615 }, ['birthDate: wrong-type']],
    ['an employment before birth', { employedSince: '1989-01-01' }, ['employedSince: before-other-date']],
    ['an identifier with spaces', { applicationId: 'A 1' }, ['applicationId: invalid-identifier']],
    ['a moment without a zone', { submittedAt: '2026-01-07T10:30:00' }, ['submittedAt: invalid-instant']],
    ['a moment that does not exist', { submittedAt: '2026-02-30T10:30:00Z' }, ['submittedAt: invalid-instant']],
    ['a currency in words', { currency: 'euro' }, ['currency: invalid-currency']],
  ])('refuses %s', (_, change, expected) => {
    expect(codesOf({ ...good, ...change })).toEqual(expected);
  });

  it('names everything at once', () => {
    expect(codesOf({ ...good, creditAmount: -1, incomeAmount: null, birthDate: 'yesterday', colour: 'blue', currency: 1 })).toEqual([
      'currency: invalid-currency',
      'creditAmount: out-of-range',
      'incomeAmount: missing',
      'birthDate: invalid-date',
      'colour: unknown-field',
    ]);
  });

  it('says in both languages what is allowed, and never what was received', () => {
    const [problem] = problemsOf({ ...good, externalScore2: 77.123 });
    expect(problem?.message).toEqual({ fr: 'Score externe n° 2\u00a0: doit être entre 0 et 1.', en: 'External score 2: must be between 0 and 1.' });
  });

  it.each([null, undefined, 3, 'text', true, [], [good]])('refuses %p, which is no application', (input) => {
    expect(problemsOf(input)).toMatchObject([{ field: '', code: 'not-an-object' }]);
  });

  it('never throws, whatever the JSON, and either names a problem or gives an application of the contract', () => {
    const names = fc.constantFrom(
      '__proto__',
      'constructor',
      'toString',
      'branchId',
      ...Object.keys(good),
      ...catalogue.fields.map(({ name }) => name),
    );
    const anything = fc.oneof(
      fc.jsonValue(),
      fc
        .array(fc.tuple(names, fc.jsonValue()))
        .map((entries) => JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`)),
      fc.array(fc.tuple(names, fc.jsonValue()), { maxLength: 3 }).map((entries) => ({ ...good, ...Object.fromEntries(entries) })),
    );
    fc.assert(
      fc.property(anything, (input) => {
        const validation = validateApplication(catalogue, input);
        const texts = validation.isValid ? [] : validation.problems.flatMap(({ message }) => [message.fr, message.en]);
        expect(validation.isValid ? applicationSchema.safeParse(validation.application).success : texts.length > 0).toBe(true);
        expect(texts).not.toContain('');
      }),
      { seed: 9, numRuns: 2_000 },
    );
  });

  it('takes a placeholder of the source as missing, and says so', () => {
    const validation = validateApplication(catalogue, { ...good, occupation: 'XNA' });
    expect(validation).toMatchObject({
      isValid: true,
      application: good,
      notes: expect.arrayContaining([expect.objectContaining({ kind: 'repaired', field: 'occupation' })]),
    });
    expect(codesOf({ ...good, contractType: 'XNA' })).toEqual(['contractType: missing']);
  });
});

describe('dataQualityNotes', () => {
  it('notes unseen categories, and history only where it is missing', () => {
    const application = {
      ...good,
      occupation: 'astronaut',
      annuityAmount: 1,
      incomeType: 'working',
      educationLevel: 'higher',
      externalScore1: 0,
      externalScore2: 0,
      externalScore3: 0,
    };
    expect(dataQualityNotes(catalogue, application, false)).toMatchObject([{ kind: 'unseen-category', field: 'occupation' }]);
    expect(dataQualityNotes(catalogue, application)).toMatchObject([{ kind: 'history-missing', field: null }, { kind: 'unseen-category' }]);
    expect(JSON.stringify(dataQualityNotes(catalogue, application))).not.toContain('astronaut');
  });
});

describe('displayNameOf', () => {
  it('joins what is known of the name', () => {
    expect(displayNameOf(catalogue, { ...good, firstName: 'Ada', lastName: 'Martin' })).toBe('Ada Martin');
    expect(displayNameOf(catalogue, { ...good, lastName: 'Martin' })).toBe('Martin');
    expect(displayNameOf(catalogue, good)).toBeNull();
  });
});
