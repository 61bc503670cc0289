import * as fc from 'fast-check';
import { validateApplication } from '../applications/index.ts';
import { computeFeatures } from '../features/index.ts';
import { applications } from './applications.arbitrary.ts';
import type { RawRow } from '../lender/index.ts';
import { homeCredit, homeCreditCatalogue } from './index.ts';

const { toApplication, toRow, checkColumns, checkRow } = homeCredit;

/** What matters of the first row of a typical table; unnamed columns are missing. */
const row: RawRow = {
  SK_ID_CURR: 100_002,
  TARGET: 1,
  NAME_CONTRACT_TYPE: 'Cash loans',
  CODE_GENDER: 'M',
  FLAG_OWN_CAR: 'N',
  AMT_INCOME_TOTAL: 202_500,
  AMT_CREDIT: 406_597.5,
  DAYS_BIRTH: -9461,
  DAYS_EMPLOYED: -637,
  NAME_INCOME_TYPE: 'Working',
  ORGANIZATION_TYPE: 'Business Entity Type 3',
  EMERGENCYSTATE_MODE: 'No',
  WEEKDAY_APPR_PROCESS_START: 'WEDNESDAY',
  HOUR_APPR_PROCESS_START: 10,
};

describe('toApplication', () => {
  it('gives business names, ISO dates and an envelope, and leaves the outcome out', () => {
    expect(toApplication(row)).toEqual({
      applicationId: '100002',
      clientId: '100002',
      submittedAt: '2026-01-07T10:00:00.000Z',
      currency: 'EUR',
      contractType: 'cash-loan',
      creditAmount: 406_597.5,
      incomeAmount: 202_500,
      incomeType: 'working',
      employedSince: '2024-04-10',
      employerType: 'business-3',
      birthDate: '2000-02-12',
      sex: 'male',
      ownsCar: false,
      isDwellingUnsafe: false,
    });
  });

  it('reads cells of a text reader as those of a typed one', () => {
    const texts: RawRow = {
      ...row,
      SK_ID_CURR: '100002',
      AMT_CREDIT: '406597.5',
      AMT_INCOME_TOTAL: '202500.0',
      DAYS_BIRTH: '-9461',
      DAYS_EMPLOYED: '-637',
      HOUR_APPR_PROCESS_START: '10',
      FLAG_OWN_CAR: false,
      EMERGENCYSTATE_MODE: false,
      CNT_CHILDREN: '',
    };
    expect(toApplication(texts)).toEqual(toApplication(row));
  });

  it('takes 365243 days employed as no current job', () => {
    const application = toApplication({ ...row, DAYS_EMPLOYED: 365_243, NAME_INCOME_TYPE: 'Pensioner', ORGANIZATION_TYPE: 'XNA' });
    expect(application).not.toHaveProperty('employedSince');
    expect(application).not.toHaveProperty('employerType');
    expect(computeFeatures(homeCreditCatalogue, application)).toMatchObject({ isRetiredOrUnemployed: 1, employmentYears: null });
    expect(toRow(application)['DAYS_EMPLOYED']).toBe(365_243);
  });

  it('takes XNA, Unknown and a rating of -1 as missing', () => {
    const application = toApplication({ ...row, CODE_GENDER: 'XNA', NAME_FAMILY_STATUS: 'Unknown', REGION_RATING_CLIENT_W_CITY: -1 });
    expect(application).not.toHaveProperty('sex');
    expect(application).not.toHaveProperty('familyStatus');
    expect(application).not.toHaveProperty('regionAndCityRating');
  });

  it('lets an unseen category through with a note, and features see it as missing', () => {
    const application = toApplication({ ...row, OCCUPATION_TYPE: 'Astronauts' });
    const validation = validateApplication(homeCreditCatalogue, application);
    expect(validation).toMatchObject({
      isValid: true,
      notes: expect.arrayContaining([expect.objectContaining({ kind: 'unseen-category', field: 'occupation' })]),
    });
    expect(computeFeatures(homeCreditCatalogue, application)['occupation']).toBeNull();
  });

  it('takes contact columns where the population has them', () => {
    expect(toApplication({ ...row, FIRST_NAME: 'Ada', LAST_NAME: 'Martin' })).toMatchObject({ firstName: 'Ada', lastName: 'Martin' });
  });

  it('takes branch and date where the population has them, and the reference week where it has no date', () => {
    const dated = {
      ...row,
      BRANCH_ID: 'lyon-2',
      APPLICATION_DATE: '2024-02-28',
      WEEKDAY_APPR_PROCESS_START: 'WEDNESDAY',
      HOUR_APPR_PROCESS_START: 9,
    };
    const application = toApplication(dated);
    expect(application).toMatchObject({ branchId: 'lyon-2', submittedAt: '2024-02-28T09:00:00.000Z' });
    expect(Date.parse(application.submittedAt) - Date.parse(String(application['birthDate']))).toBeGreaterThan(0);
    expect(toRow(application)).toMatchObject({ BRANCH_ID: 'lyon-2', WEEKDAY_APPR_PROCESS_START: 'WEDNESDAY', DAYS_BIRTH: row.DAYS_BIRTH });
    for (const absent of [null, '']) {
      const undated = toApplication({ ...row, BRANCH_ID: absent, APPLICATION_DATE: absent });
      expect(undated).toEqual(toApplication(row));
      expect(undated).not.toHaveProperty('branchId');
    }
    expect(checkRow('application_train', { ...dated, TARGET: 0 }, 1)).toEqual([]);
  });

  it.each([
    ['2024-02-29', 'APPLICATION_DATE', 'not on the weekday that WEEKDAY_APPR_PROCESS_START says'],
    ['28/02/2024', 'APPLICATION_DATE', 'not a date written YYYY-MM-DD'],
    ['2024-02-31', 'APPLICATION_DATE', 'not a date written YYYY-MM-DD'],
  ])('refuses the date %s beside a Wednesday', (date, column, reason) => {
    expect(checkRow('application_train', { ...row, WEEKDAY_APPR_PROCESS_START: 'WEDNESDAY', APPLICATION_DATE: date }, 4)).toEqual([
      { table: 'application_train', column, row: 4, reason },
    ]);
  });

  it('refuses a branch that is no identifier', () => {
    expect(checkRow('application_train', { ...row, BRANCH_ID: 'Lyon, agence 2' }, 4)).toEqual([
      expect.objectContaining({ column: 'BRANCH_ID', row: 4 }),
    ]);
  });

  it('keeps weekday and hour through the moment of submission', () => {
    const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
    for (const [position, weekday] of weekdays.entries()) {
      for (const hour of [0, 9, 23]) {
        const application = toApplication({ ...row, WEEKDAY_APPR_PROCESS_START: weekday, HOUR_APPR_PROCESS_START: hour });
        expect(application.submittedAt).toBe(`2026-01-${String(5 + position).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00.000Z`);
        expect(toRow(application)).toMatchObject({ WEEKDAY_APPR_PROCESS_START: weekday, HOUR_APPR_PROCESS_START: hour });
      }
    }
  });

  it('gives back relative days exactly', () => {
    const days = fc.integer({ min: -40_000, max: 0 });
    fc.assert(
      fc.property(
        fc.record({ DAYS_BIRTH: days, DAYS_EMPLOYED: days, DAYS_REGISTRATION: days, DAYS_ID_PUBLISH: days, DAYS_LAST_PHONE_CHANGE: days }),
        fc.integer({ min: 0, max: 23 }),
        (dates, hour) => {
          expect(toRow(toApplication({ ...row, ...dates, HOUR_APPR_PROCESS_START: hour }))).toMatchObject(dates);
        },
      ),
      { seed: 5, numRuns: 500 },
    );
  });

  it('undoes toRow but for the week', () => {
    const dates = new Set(['submittedAt', ...homeCreditCatalogue.fields.filter(({ type }) => type === 'date').map(({ name }) => name)]);
    fc.assert(
      fc.property(applications, (application) => {
        const back = toApplication(toRow(application));
        // Dates move with the week and are compared as lengths, in the features.
        const withoutDates = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([name]) => !dates.has(name)));
        expect(withoutDates(back)).toEqual(withoutDates(application));
        expect(computeFeatures(homeCreditCatalogue, back)).toEqual(computeFeatures(homeCreditCatalogue, application));
      }),
      { seed: 6, numRuns: 100 },
    );
  });
});

describe('checkColumns', () => {
  const names = homeCredit.tables.application_train.map(({ name }) => name);

  it('accepts the declared columns, in any order and with others beside them', () => {
    expect(checkColumns('application_train', [...names.toReversed(), 'NOTE'])).toEqual([]);
    expect(
      checkColumns(
        'application_test',
        names.filter((name) => name !== 'TARGET'),
      ),
    ).toEqual([]);
  });

  it('does not miss the optional contact columns', () => {
    expect(
      checkColumns(
        'application_train',
        names.filter((name) => !['FIRST_NAME', 'LAST_NAME', 'ADDRESS', 'CITY', 'POSTAL_CODE', 'BRANCH_ID', 'APPLICATION_DATE'].includes(name)),
      ),
    ).toEqual([]);
  });

  it('names everything that is missing or doubled, at once', () => {
    const columns = [...names.filter((name) => name !== 'TARGET' && name !== 'EXT_SOURCE_2'), 'AMT_CREDIT'];
    expect(checkColumns('application_train', columns)).toEqual([
      { table: 'application_train', column: 'TARGET', row: null, reason: 'the column is missing' },
      { table: 'application_train', column: 'AMT_CREDIT', row: null, reason: 'the column is there more than once' },
      { table: 'application_train', column: 'EXT_SOURCE_2', row: null, reason: 'the column is missing' },
    ]);
  });
});

describe('checkRow', () => {
  it('accepts a good row', () => {
    expect(checkRow('application_train', row, 1)).toEqual([]);
  });

  it('names by column everything that is wrong with a row, at once and without its values', () => {
    const problems = checkRow(
      'application_train',
      { ...row, SK_ID_CURR: null, TARGET: 2, AMT_CREDIT: -5, AMT_INCOME_TOTAL: 'plenty', FLAG_OWN_CAR: 'maybe', DAYS_BIRTH: 12 },
      7,
    );
    expect(problems.map(({ column }) => String(column)).toSorted()).toEqual([
      'AMT_CREDIT',
      'AMT_INCOME_TOTAL',
      'DAYS_BIRTH',
      'DAYS_EMPLOYED',
      'FLAG_OWN_CAR',
      'SK_ID_CURR',
      'TARGET',
    ]);
    expect(problems.every((problem) => problem.row === 7 && problem.table === 'application_train')).toBe(true);
    expect(JSON.stringify(problems)).not.toMatch(/plenty|maybe|-5/u);
  });

  it('refuses days that no calendar holds, and takes them nowhere', () => {
    for (const days of [-1e12, 1e9, -1e300]) {
      expect(checkRow('application_train', { ...row, DAYS_REGISTRATION: days }, 3)).toEqual([
        { table: 'application_train', column: 'DAYS_REGISTRATION', row: 3, reason: 'not a possible number of days' },
      ]);
      expect(toApplication({ ...row, DAYS_REGISTRATION: days })).not.toHaveProperty('registeredSince');
    }
  });

  it('refuses a weekday or hour that is none, rather than make one up', () => {
    for (const weekday of ['FUNDAY', 'monday', 3, null]) {
      expect(checkRow('application_train', { ...row, WEEKDAY_APPR_PROCESS_START: weekday }, 3)).toEqual([
        { table: 'application_train', column: 'WEEKDAY_APPR_PROCESS_START', row: 3, reason: 'not a weekday from MONDAY to SUNDAY' },
      ]);
    }
    for (const hour of [24, -1, 9.5, null]) {
      expect(checkRow('application_train', { ...row, HOUR_APPR_PROCESS_START: hour }, 3)).toEqual([
        { table: 'application_train', column: 'HOUR_APPR_PROCESS_START', row: 3, reason: 'not a whole hour from 0 to 23' },
      ]);
    }
  });

  it('takes flags that a tool wrote as decimals', () => {
    expect(checkRow('application_train', { ...row, FLAG_EMAIL: '1.0' }, 3)).toEqual([]);
    expect(toApplication({ ...row, FLAG_EMAIL: '0.0' })).toHaveProperty('hasEmail', false);
  });
});
