import { evidenceGroupFloor } from '@lisible/contracts';
import type { ModelEvidence } from '@lisible/contracts';
import { characteristicStability, logLoss, observedToExpected, rocAucInterval, say } from '@lisible/credit';
import type { ModelStudies } from '../model-studies/model-studies.ts';
import type { ServedEstimates } from './evidence-inputs.ts';
import { minDaysForMonths } from './house-bounds.ts';
import { orNull } from './or-null.ts';

const msPerDay = 86_400_000;

export interface Span {
  readonly first: number;
  readonly last: number;
}

/** First and last submission, milliseconds since 1970. */
export const spanOf = (submittedAtMs: Float64Array): Span => ({
  first: submittedAtMs.reduce((least, value) => Math.min(least, value), Infinity),
  last: submittedAtMs.reduce((most, value) => Math.max(most, value), -Infinity),
});

/** Why stability over time cannot be measured; null where it can. */
export const whyNoMonths = ({ first, last }: Span): ModelEvidence['notMeasured'][number] | null => {
  const days = Math.floor((last - first) / msPerDay) + 1;
  if (days >= minDaysForMonths) return null;
  return {
    study: 'time',
    reason: say(
      `Stabilité dans le temps : non mesurable, les demandes à l’issue connue ne couvrent que ${days} ${days === 1 ? 'jour' : 'jours'} (il en faut ${minDaysForMonths}). Une source sans date place toutes ses demandes la même semaine : rien ne peut être dit d’une dérive entre l’apprentissage et l’usage.`,
      `Stability over time: not measurable, the applications of known outcome span ${days} ${days === 1 ? 'day' : 'days'} only (${minDaysForMonths} are needed). A source without dates puts all its applications into one week: nothing can be said of a drift between training and use.`,
    ),
  };
};

export const measureStability = (
  labels: Uint8Array,
  { margins, probabilities }: ServedEstimates,
  { folds, numFolds, seeds, submittedAtMs }: ModelStudies,
  decisionThreshold: number,
): ModelEvidence['stability'] => {
  const where = (isWanted: (row: number) => boolean) => {
    const keep = (_value: number, row: number): boolean => isWanted(row);
    const chosen = { labels: labels.filter(keep), margins: margins.filter(keep), probabilities: probabilities.filter(keep) };
    const defaulted = chosen.labels.reduce((sum, label) => sum + label, 0);
    return { ...chosen, rows: chosen.labels.length, defaulted, defaultRate: defaulted / chosen.labels.length };
  };
  const isDeclined = (probability: number | undefined): boolean => (probability ?? 0) >= decisionThreshold;
  const first = seeds[0];
  return {
    folds: Array.from({ length: numFolds }, (_, fold) => {
      const some = where((row) => folds[row] === fold);
      return {
        fold,
        rows: some.rows,
        defaulted: some.defaulted,
        defaultRate: some.defaultRate,
        rocAuc: rocAucInterval(some.labels, some.margins),
        observedToExpected: observedToExpected(some.labels, some.probabilities)?.ratio ?? null,
      };
    }),
    seeds: seeds.map(({ seed, margins: ofSeed, probabilities: withSeed }) => ({
      seed,
      rocAuc: rocAucInterval(labels, ofSeed),
      logLoss: logLoss(labels, withSeed),
      changedProposals:
        first === undefined
          ? 0
          : withSeed.reduce((sum, probability, row) => sum + Number(isDeclined(probability) !== isDeclined(first.probabilities[row])), 0) /
            labels.length,
    })),
    months: whyNoMonths(spanOf(submittedAtMs)) === null ? monthsOf(submittedAtMs, probabilities, where) : null,
  };
};

const monthsOf = (
  submittedAtMs: Float64Array,
  probabilities: Float64Array,
  where: (isWanted: (row: number) => boolean) => {
    readonly labels: Uint8Array;
    readonly margins: Float64Array;
    readonly probabilities: Float64Array;
    readonly rows: number;
    readonly defaulted: number;
    readonly defaultRate: number;
  },
): NonNullable<ModelEvidence['stability']['months']> => {
  const months = Array.from(submittedAtMs, (ms) => new Date(ms).toISOString().slice(0, 7));
  return [...new Set(months)].toSorted().flatMap((month) => {
    const some = where((row) => months[row] === month);
    if (some.rows < evidenceGroupFloor) return [];
    return [
      {
        month,
        rows: some.rows,
        defaulted: some.defaulted,
        defaultRate: some.defaultRate,
        rocAuc: orNull(() => rocAucInterval(some.labels, some.margins)),
        observedToExpected: observedToExpected(some.labels, some.probabilities)?.ratio ?? null,
        psi: characteristicStability(probabilities, some.probabilities).psi,
      },
    ];
  });
};
