import { listSteps, stepBetween, stepOf } from './time-steps.ts';

describe('steps of time', () => {
  it('are days for a month, weeks for half a year, months beyond', () => {
    expect(stepBetween('2026-10-01', '2026-10-01')).toBe('day');
    expect(stepBetween('2026-10-01', '2026-10-31')).toBe('day');
    expect(stepBetween('2026-10-01', '2026-11-01')).toBe('week');
    expect(stepBetween('2026-01-01', '2026-07-01')).toBe('week');
    expect(stepBetween('2026-01-01', '2026-07-02')).toBe('month');
  });

  it('begin on Monday and on the first, across years and where clocks change', () => {
    expect(stepOf('2026-11-26', 'week')).toBe('2026-11-23');
    expect(stepOf('2026-11-23', 'week')).toBe('2026-11-23');
    expect(stepOf('2026-11-29', 'week')).toBe('2026-11-23');
    expect(stepOf('2027-01-02', 'week')).toBe('2026-12-28');
    expect(stepOf('2026-11-26', 'month')).toBe('2026-11-01');
    expect(listSteps('2026-10-23', '2026-10-26', 'day')).toEqual(['2026-10-23', '2026-10-24', '2026-10-25', '2026-10-26']);
    expect(listSteps('2026-12-24', '2027-01-05', 'week')).toEqual(['2026-12-21', '2026-12-28', '2027-01-04']);
    expect(listSteps('2026-11-30', '2027-02-01', 'month')).toEqual(['2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01']);
  });
});
