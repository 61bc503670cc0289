const MILLISECONDS_PER_DAY = 86_400_000;
const MILLISECONDS_PER_HOUR = 3_600_000;
const ISO_DATE_LENGTH = 10;

const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};

const digits = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

/**
 * Whole days from 1970-01-01 to an ISO date (`YYYY-MM-DD`), NaN when the text is no day of the calendar.
 * Arithmetic of the proleptic Gregorian calendar: Howard Hinnant, "chrono-compatible low-level date algorithms".
 */
export const dayOfIsoDate = (text: string): number => {
  if (text.length !== ISO_DATE_LENGTH || text[4] !== '-' || text[7] !== '-') return Number.NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  // NaN fails every comparison, so each condition is written as what must hold.
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

/** Days of a century and more: whoever reads many applications writes the same days again and again. */
const maxDaysKept = 50_000;
const writtenDays = new Map<number, string>();

/** The ISO date (`YYYY-MM-DD`) that lies this many whole days after 1970-01-01. */
export const isoDateOfDay = (day: number): string => {
  const known = writtenDays.get(day);
  if (known !== undefined) return known;
  const written = new Date(day * MILLISECONDS_PER_DAY).toISOString().slice(0, ISO_DATE_LENGTH);
  if (writtenDays.size < maxDaysKept) writtenDays.set(day, written);
  return written;
};

/** Whole hours from 1970-01-01T00Z to an ISO date-time, NaN when it is none. */
export const hourOfInstant = (instant: string): number => Math.floor(Date.parse(instant) / MILLISECONDS_PER_HOUR);

/** Whole days from 1970-01-01 to the UTC day of an ISO date-time, NaN when it is none. */
export const dayOfInstant = (instant: string): number => Math.floor(Date.parse(instant) / MILLISECONDS_PER_DAY);
