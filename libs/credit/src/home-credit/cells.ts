import type { FieldValue } from '@lisible/contracts';
import { dayOfIsoDate, isoDateOfDay } from '../features/index.ts';
import type { RawValue } from '../lender/index.ts';
import type { HomeCreditField } from './declare-field.ts';
import { homeCreditCatalogue } from './home-credit-catalogue.ts';

/** The source tells only weekday and hour of an application, not its date: both are kept by placing it in one week, which begins on this Monday. */
export const REFERENCE_MONDAY = dayOfIsoDate('2026-01-05');
const MILLISECONDS_PER_HOUR = 3_600_000;
export const HOURS_PER_DAY = 24;
export const MIDDAY = 12;
export const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

/** Numbers that the source writes for "not known" or "does not apply", by column. */
export const missingCodes: ReadonlyMap<string, number> = new Map([
  ['DAYS_EMPLOYED', 365_243],
  ['REGION_RATING_CLIENT_W_CITY', -1],
]);

const missingMarkers: ReadonlySet<string> = new Set(homeCreditCatalogue.missingMarkers);

export const numberIn = (value: RawValue | undefined): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
};

/** `1.0`: a tool that holds numbers and gaps in one column writes whole numbers so. */
const YES: ReadonlySet<string> = new Set(['Y', 'Yes', '1', '1.0', 'true', 'True']);
const NO: ReadonlySet<string> = new Set(['N', 'No', '0', '0.0', 'false', 'False']);

export const truthIn = (value: RawValue | undefined): boolean | null => {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined) return null;
  const text = String(value).trim();
  if (YES.has(text)) return true;
  return NO.has(text) ? false : null;
};

/** Some 1,900 years: dates within are written `YYYY-MM-DD`. */
const LONGEST_DAYS = 700_000;
export const isPossibleLength = (days: number): boolean => Math.abs(days) <= LONGEST_DAYS;

export const isHour = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < HOURS_PER_DAY;

/** A cell that holds something as its field's value, null where it means "missing"; undefined where it cannot be taken for what its column declares. */
type CellReader = (cell: string | number | boolean, submissionDay: number) => FieldValue | undefined;

export const cellReaderOf = ({ column, rawCategories }: HomeCreditField): CellReader => {
  const missingCode = missingCodes.get(column.name);
  switch (column.conversion) {
    case 'number':
      return (cell) => {
        const number = numberIn(cell);
        if (!Number.isFinite(number)) return undefined;
        return number === missingCode ? null : number;
      };
    case 'relative-days':
      return (cell, submissionDay) => {
        const days = numberIn(cell);
        if (!isPossibleLength(days)) return undefined;
        return days === missingCode ? null : isoDateOfDay(submissionDay + Math.round(days));
      };
    case 'flag':
    case 'yes-no':
      return (cell) => truthIn(cell) ?? undefined;
    case 'category':
      return (cell) => {
        const text = String(cell);
        // A word that the catalogue does not know goes through as it is: validation notes it and features see it as missing.
        return missingMarkers.has(text) ? null : (rawCategories.get(text) ?? text);
      };
    case 'text':
      return (cell) => String(cell);
  }
};

export const isAbsent = (value: RawValue | undefined): value is null | undefined | '' => value === null || value === undefined || value === '';

/** The day that an ISO date names; null for what is none. */
export const dayIn = (value: RawValue | undefined): number | null => {
  const day = typeof value === 'string' ? dayOfIsoDate(value) : Number.NaN;
  return Number.isNaN(day) ? null : day;
};

export const weekdayOf = (day: number): string | null => weekdays[(((day - REFERENCE_MONDAY) % 7) + 7) % 7] ?? null;

export const outcomeIn = (value: RawValue | undefined): 0 | 1 | null => {
  const outcome = numberIn(value);
  return outcome === 1 ? 1 : outcome === 0 ? 0 : null;
};

/** The moment of so many whole hours after 1970-01-01T00Z, as text. */
export const instantOfHour = (hour: number): string => new Date(hour * MILLISECONDS_PER_HOUR).toISOString();
