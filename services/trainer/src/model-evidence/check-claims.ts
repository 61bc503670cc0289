import type { EvidenceCheck, EvidenceInterval, ModelEvidence } from '@lisible/contracts';
import { houseBounds } from './house-bounds.ts';
import type { Bounds } from './house-bounds.ts';

const isWithin = (value: number, { min, max }: Bounds): boolean => (min === null || value >= min) && (max === null || value <= max);

const statusOf = ({ value, lower, upper }: EvidenceInterval, bounds: Bounds): EvidenceCheck['status'] => {
  if (isWithin(value, bounds)) return isWithin(lower, bounds) && isWithin(upper, bounds) ? 'within' : 'within-uncertain';
  // Outside: the interval may still reach into the bounds from either side.
  const reachesIn = (bounds.max === null || lower <= bounds.max) && (bounds.min === null || upper >= bounds.min);
  return reachesIn ? 'outside-uncertain' : 'outside';
};

const measuredCheck = (code: EvidenceCheck['code'], subject: string | null, measured: EvidenceInterval | null, bounds: Bounds): EvidenceCheck => ({
  code,
  subject,
  measured,
  value: null,
  ...bounds,
  status: measured === null ? 'not-measured' : statusOf(measured, bounds),
});

const valueCheck = (code: EvidenceCheck['code'], subject: string | null, value: number, bounds: Bounds): EvidenceCheck => ({
  code,
  subject,
  measured: null,
  value,
  ...bounds,
  status: isWithin(value, bounds) ? 'within' : 'outside',
});

/** The group whose interval speaks worst: by the distance of its value from 1 on the logarithm, or the least value. */
const worstBy = <Entry>(entries: readonly Entry[], badness: (entry: Entry) => number): Entry | null =>
  entries.reduce<Entry | null>((worst, entry) => (worst === null || badness(entry) > badness(worst) ? entry : worst), null);

/** Holds each claim of the house against what was measured. */
export const checkClaims = (evidence: Omit<ModelEvidence, 'checks'>): readonly EvidenceCheck[] => {
  const { discrimination, calibration, cost, candidates, leakChecks, fairness } = evidence;
  const [bestSingle] = leakChecks.singleFeatures;
  const scorecard = candidates.find(({ name }) => name === 'scorecard');
  const shift = bestSingle?.rocAuc ?? 0.5;
  const { value, lower, upper } = discrimination.rocAuc;
  return [
    measuredCheck(
      'ranks-better-than-single-feature',
      bestSingle?.feature ?? null,
      { value: value - shift, lower: lower - shift, upper: upper - shift },
      houseBounds.rocAucGain,
    ),
    ...(leakChecks.plausibleRocAuc === null
      ? []
      : [measuredCheck('plausible-roc-auc', null, discrimination.rocAuc, { min: null, max: leakChecks.plausibleRocAuc })]),
    measuredCheck('calibration-slope', null, calibration.slope, houseBounds.calibrationSlope),
    valueCheck('calibration-error', null, calibration.expectedCalibrationError, houseBounds.expectedCalibrationError),
    measuredCheck('observed-to-expected-top-decile', null, calibration.topDecile, houseBounds.observedToExpected),
    measuredCheck('observed-to-expected-around-threshold', null, calibration.aroundThreshold.observedToExpected, houseBounds.observedToExpected),
    measuredCheck('cost-ahead', null, cost.ahead.ratio, houseBounds.costAhead),
    valueCheck('threshold-optimal', null, cost.analyticThreshold, { min: cost.empiricalThreshold.lower, max: cost.empiricalThreshold.upper }),
    ...(scorecard?.rocAucChange === undefined || scorecard.rocAucChange === null
      ? []
      : [measuredCheck('beats-scorecard', null, scorecard.rocAucChange, houseBounds.scorecardAdvantage)]),
    ...leakChecks.checks.flatMap(({ check, rocAuc }) =>
      rocAuc === null ? [] : [measuredCheck('no-identifier-leak', check, rocAuc, houseBounds.silentRanking)],
    ),
    ...(bestSingle === undefined
      ? []
      : [valueCheck('no-proxy-of-outcome', bestSingle.feature, bestSingle.rocAuc, { min: null, max: leakChecks.singleFeatureBound })]),
    valueCheck('no-shared-clients', null, leakChecks.clientsInSeveralFolds, houseBounds.sharedClients),
    ...fairness.flatMap(({ attribute, groups }) => {
      const ratios = groups.flatMap(({ group, approvalRatio }) => (approvalRatio === null ? [] : [{ group, approvalRatio }]));
      const least = worstBy(ratios, ({ approvalRatio }) => -approvalRatio.value);
      return least === null
        ? []
        : [
            measuredCheck('approval-ratio', `${attribute}:${least.group}`, least.approvalRatio, {
              ...houseBounds.approvalRatio,
              min: evidence.fairnessBound,
            }),
          ];
    }),
    ...fairness.flatMap(({ attribute, groups }) => {
      const ratios = groups.flatMap(({ group, observedToExpected }) => (observedToExpected === null ? [] : [{ group, observedToExpected }]));
      const farthest = worstBy(ratios, ({ observedToExpected }) => Math.abs(Math.log(observedToExpected.value)));
      return farthest === null
        ? []
        : [measuredCheck('calibrated-within-groups', `${attribute}:${farthest.group}`, farthest.observedToExpected, houseBounds.withinGroups)];
    }),
  ];
};
