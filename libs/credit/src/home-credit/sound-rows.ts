import type { Application } from '@lisible/contracts';
import { isSoundApplication } from '../applications/index.ts';
import type { RawReading, RawValue } from '../lender/index.ts';
import {
  cellReaderOf,
  dayIn,
  HOURS_PER_DAY,
  instantOfHour,
  isAbsent,
  isHour,
  numberIn,
  outcomeIn,
  REFERENCE_MONDAY,
  weekdayOf,
  weekdays,
} from './cells.ts';
import { BRANCH_COLUMN, CURRENCY, DATE_COLUMN, HOUR_COLUMN, KEY_COLUMN, TARGET_COLUMN, WEEKDAY_COLUMN, type HomeCreditTable } from './columns.ts';
import { homeCreditFields } from './fields/index.ts';
import { homeCreditCatalogue } from './home-credit-catalogue.ts';

const sound: readonly RawReading['problems'][number][] = [];

/** The moment of an application in whole hours after 1970-01-01T00Z; null where its cells contradict each other or say none. */
export const submissionHourIn = (weekday: RawValue, hourCell: RawValue, date: RawValue): number | null => {
  const position = weekdays.findIndex((name) => name === weekday);
  const hour = numberIn(hourCell);
  if (position < 0 || !isHour(hour)) return null;
  const day = isAbsent(date) ? REFERENCE_MONDAY + position : dayIn(date);
  return day === null || weekdayOf(day) !== weekday ? null : day * HOURS_PER_DAY + hour;
};

/** Moments are hours of few days: each is written once. */
export const createClock = (): ((hour: number) => string) => {
  const maxKept = 10_000;
  const written = new Map<number, string>();
  return (hour) => {
    const instant = written.get(hour) ?? instantOfHour(hour);
    if (written.size < maxKept) written.set(hour, instant);
    return instant;
  };
};

/**
 * The short way through rows in bulk: what `readRow` makes of a row in which it would find nothing wrong, without the record that it
 * keeps of what is. Null says only that `readRow` must judge.
 */
export const openSoundReader = (
  table: HomeCreditTable,
  columnNames: readonly string[],
): ((columns: readonly (readonly RawValue[])[], position: number) => RawReading | null) => {
  const placeOf = (name: string): number => columnNames.indexOf(name);
  const [keyPlace, targetPlace, weekdayPlace, hourPlace, branchPlace, datePlace] = [
    placeOf(KEY_COLUMN),
    placeOf(TARGET_COLUMN),
    placeOf(WEEKDAY_COLUMN),
    placeOf(HOUR_COLUMN),
    placeOf(BRANCH_COLUMN),
    placeOf(DATE_COLUMN),
  ];
  const fields = homeCreditFields.map((declared) => ({
    name: declared.field.name,
    place: placeOf(declared.column.name),
    read: cellReaderOf(declared),
  }));
  const writeInstant = createClock();
  const isLabelled = table === 'application_train';
  return (columns, position) => {
    const cellAt = (place: number): RawValue => columns[place]?.[position] ?? null;
    const hour = submissionHourIn(cellAt(weekdayPlace), cellAt(hourPlace), cellAt(datePlace));
    const defaulted = isLabelled ? outcomeIn(cellAt(targetPlace)) : null;
    if (hour === null || (isLabelled && defaulted === null)) return null;
    const submissionDay = Math.floor(hour / HOURS_PER_DAY);
    const identifier = String(cellAt(keyPlace) ?? '');
    const branch = cellAt(branchPlace);
    const submittedAt = writeInstant(hour);
    // In the one order of an application's envelope.
    const application: Application = isAbsent(branch)
      ? { applicationId: identifier, clientId: identifier, submittedAt, currency: CURRENCY }
      : { applicationId: identifier, clientId: identifier, branchId: String(branch), submittedAt, currency: CURRENCY };
    for (const { name, place, read } of fields) {
      const cell = columns[place]?.[position];
      if (isAbsent(cell)) continue;
      const value = read(cell, submissionDay);
      if (value === undefined) return null;
      if (value !== null) application[name] = value;
    }
    return isSoundApplication(homeCreditCatalogue, application) ? { application, defaulted, problems: sound } : null;
  };
};
