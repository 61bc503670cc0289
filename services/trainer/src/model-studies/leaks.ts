import { createHash } from 'node:crypto';
import { rocAucInterval } from '@lisible/credit';
import { singleFeatureRocAucs } from '../train-model/evidence.ts';
import type { LabelledMatrix } from '../train-model/fold-plan.ts';
import type { Interval, LeakStudy } from './model-studies.ts';

/** Who and when each labelled row is. */
export interface RowOrigins {
  readonly applicationIds: readonly string[];
  readonly clientIds: readonly string[];
  readonly submittedAtMs: Float64Array;
}

export interface LeakSettings {
  readonly singleFeatureBound: number;
  readonly numSingleFeatures: number;
}

/**
 * Whether anything tells the outcome that should not: identifiers, the rows' order, the time of submission; a feature that ranks
 * defaults too well by itself; clients or whole rows that stand on both sides of a fold.
 */
export const checkLeaks = (
  data: LabelledMatrix,
  folds: Uint8Array,
  { applicationIds, clientIds, submittedAtMs }: RowOrigins,
  { singleFeatureBound, numSingleFeatures }: LeakSettings,
): LeakStudy => {
  const { labels } = data;
  const order = Float64Array.from(labels, (_, row) => row);
  const singleFeatures = singleFeatureRocAucs(data).toSorted((a, b) => b.rocAuc - a.rocAuc);
  const foldsOfClient = new Map<string, Set<number>>();
  clientIds.forEach((client, row) => {
    const seen = foldsOfClient.get(client) ?? new Set();
    foldsOfClient.set(client, seen.add(folds[row] ?? 0));
  });
  return {
    checks: [
      { check: 'identifier', rocAuc: rankingOf(labels, Float64Array.from(applicationIds, numberIn)) },
      { check: 'row-order', rocAuc: rankingOf(labels, order) },
      { check: 'submission-time', rocAuc: rankingOf(labels, submittedAtMs) },
    ],
    singleFeatures: singleFeatures.slice(0, numSingleFeatures),
    singleFeatureBound,
    suspects: singleFeatures.filter(({ rocAuc }) => rocAuc >= singleFeatureBound).map(({ feature }) => feature),
    clients: foldsOfClient.size,
    clientsInSeveralFolds: [...foldsOfClient.values()].filter(({ size }) => size > 1).length,
    duplicateRowsAcrossFolds: countDuplicatesAcrossFolds(data, folds),
  };
};

/** The digits of an identifier as a number, NaN without any. */
const numberIn = (identifier: string): number => {
  const digits = identifier.replaceAll(/\D/gu, '');
  return digits === '' ? Number.NaN : Number(digits);
};

/** Null where there is nothing to rank by: a value is missing or all are the same. */
const rankingOf = (labels: Uint8Array, scores: Float64Array): Interval | null => {
  if (!scores.every(Number.isFinite) || scores.every((score) => score === scores[0])) return null;
  const { value, lower, upper } = rocAucInterval(labels, scores);
  return { value, lower, upper };
};

const countDuplicatesAcrossFolds = ({ matrix }: LabelledMatrix, folds: Uint8Array): number => {
  const { numRows, numFeatures, values } = matrix;
  const firstFold = new Map<string, number>();
  let duplicates = 0;
  for (let row = 0; row < numRows; row++) {
    const bytes = new Uint8Array(
      values.buffer,
      values.byteOffset + row * numFeatures * values.BYTES_PER_ELEMENT,
      numFeatures * values.BYTES_PER_ELEMENT,
    );
    const key = createHash('sha256').update(bytes).digest('base64');
    const fold = folds[row] ?? 0;
    const seen = firstFold.get(key);
    if (seen === undefined) firstFold.set(key, fold);
    else if (seen !== fold) duplicates += 1;
  }
  return duplicates;
};
