/** Days in UTC as `2026-11-26`: texts compare as days do. */
const msPerDay = 86_400_000;

export type TimeStep = 'day' | 'week' | 'month';

/** As many days are shown one by one, then as many weeks; further apart, months. */
const mostDays = 31;
const mostWeeks = 26;

const msOf = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The shortest step of which there are few enough between two days, both included. */
export const stepBetween = (firstDay: string, lastDay: string): TimeStep => {
  const days = (msOf(lastDay) - msOf(firstDay)) / msPerDay + 1;
  if (days <= mostDays) return 'day';
  return days <= mostWeeks * 7 ? 'week' : 'month';
};

/** The first day of the step that a day lies in; weeks begin on Monday (ISO 8601). */
export const stepOf = (day: string, step: TimeStep): string => {
  if (step === 'day') return day;
  if (step === 'month') return `${day.slice(0, 7)}-01`;
  const sinceMonday = (new Date(msOf(day)).getUTCDay() + 6) % 7;
  return dayOf(msOf(day) - sinceMonday * msPerDay);
};

const nextStep = (firstDay: string, step: TimeStep): string => {
  if (step !== 'month') return dayOf(msOf(firstDay) + (step === 'week' ? 7 : 1) * msPerDay);
  const first = new Date(msOf(firstDay));
  return dayOf(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1));
};

/** The first days of all steps between two days, both included. */
export const listSteps = (firstDay: string, lastDay: string, step: TimeStep): readonly string[] => {
  const steps: string[] = [];
  for (let first = stepOf(firstDay, step); first <= lastDay; first = nextStep(first, step)) steps.push(first);
  return steps;
};
