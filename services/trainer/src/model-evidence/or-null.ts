import { ScorecardError, StatisticsError } from '@lisible/credit';

/** Null for what these rows cannot carry (one class, no variance); anything else is a mistake of ours and is thrown. */
export const orNull = <Value>(measure: () => Value): Value | null => {
  try {
    return measure();
  } catch (error) {
    if (error instanceof StatisticsError || error instanceof ScorecardError) return null;
    throw error;
  }
};
