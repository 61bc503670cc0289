import { StatisticsError, say } from '@lisible/credit';
import type { SkippedStudy } from './model-studies.ts';
import { UnlearnableDataError } from '../fit-pool/fit-pool.ts';

/** Whether the data, not the code, keep a study from being made. */
export const isForData = (error: unknown): error is UnlearnableDataError | StatisticsError =>
  error instanceof UnlearnableDataError || error instanceof StatisticsError;

/** What the maths refused, for people; its own words are English and exact. */
export const whyNot = ({ message }: Error): SkippedStudy['reason'] =>
  say(`Les données ne permettent pas cette étude (${message}).`, `The data do not allow this study (${message}).`);
