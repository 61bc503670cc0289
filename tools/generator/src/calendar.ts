import type { SeededRandom } from '@lisible/credit';
import * as marginals from './marginals.ts';
import { drawIndex, wordTable } from './word-draw.ts';

const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
const shares = new Map(marginals.weekdays);
const weekdayTable = wordTable(weekdays.map((name) => [name, shares.get(name) ?? 0] as const));

/** A Monday: past loans were applied for in the 24 months (104 weeks) from here on, new applications in the four weeks after. */
const firstMonday = Date.UTC(2024, 0, 1);
const pastWeeks = 104;
const newWeeks = 4;
const millisecondsPerDay = 86_400_000;

export interface ApplicationDay {
  readonly weekday: string;
  readonly isoDate: string;
  /** Where in the 24 months: 0 at their beginning, 1 at their end, slightly more for new applications. */
  readonly phase: number;
}

export const drawApplicationDay = (isPast: boolean, random: SeededRandom): ApplicationDay => {
  const weekday = drawIndex(weekdayTable, random);
  const week = isPast ? random.integer(pastWeeks) : pastWeeks + random.integer(newWeeks);
  const day = 7 * week + weekday;
  return {
    weekday: weekdays[weekday] ?? 'MONDAY',
    isoDate: new Date(firstMonday + day * millisecondsPerDay).toISOString().slice(0, 10),
    phase: day / (7 * pastWeeks),
  };
};
