import * as fc from 'fast-check';
import { dayOfInstant, dayOfIsoDate, isoDateOfDay } from './dates.ts';

const calendarDays = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true });

describe('dayOfIsoDate', () => {
  it('agrees with the platform on every day of the calendar, and isoDateOfDay undoes it', () => {
    fc.assert(
      fc.property(calendarDays, (date) => {
        const text = date.toISOString().slice(0, 10);
        expect(dayOfIsoDate(text)).toBe(dayOfInstant(`${text}T00:00:00Z`));
        expect(isoDateOfDay(dayOfIsoDate(text))).toBe(text);
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it.each([
    '2023-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-04-31',
    '2024-4-1',
    '24-04-01',
    '2024/04/01',
    '2024-04-01T00:00:00Z',
    '0000-01-01',
    '',
    'today',
    '-024-01-01',
  ])('knows no day %p', (text) => {
    expect(dayOfIsoDate(text)).toBeNaN();
  });

  it('knows the leap days', () => {
    expect(dayOfIsoDate('2024-02-29') - dayOfIsoDate('2024-02-28')).toBe(1);
    for (const year of ['1600', '2000', '2400']) expect(dayOfIsoDate(`${year}-03-01`) - dayOfIsoDate(`${year}-02-29`)).toBe(1);
    expect(dayOfIsoDate('1970-01-01')).toBe(0);
  });
});
