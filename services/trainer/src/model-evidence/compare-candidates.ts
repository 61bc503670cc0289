import type { ModelEvidence, Policy } from '@lisible/contracts';
import {
  averagePrecision,
  brierScore,
  compareCosts,
  compareLogLoss,
  compareRocAuc,
  costPerApplication,
  expectedCalibrationError,
  logLoss,
  rocAucInterval,
} from '@lisible/credit';
import type { ModelStudies } from '../model-studies/model-studies.ts';
import type { ServedEstimates } from './evidence-inputs.ts';

/** Every model on the same rows and folds, and how far each is from the served one. */
export const compareCandidates = (
  labels: Uint8Array,
  candidates: ModelStudies['candidates'],
  served: ServedEstimates,
  { misclassificationCost: cost, decisionThreshold }: Policy,
): ModelEvidence['candidates'] =>
  candidates.map(({ name, isServed, numFeatures, numParameters, seconds, margins, probabilities }) => {
    // A constant ranks nothing: its folds' rates differ by the shuffle alone.
    const ranks = name !== 'constant';
    return {
      name,
      isServed,
      numFeatures,
      numParameters,
      seconds,
      rocAuc: ranks ? rocAucInterval(labels, margins) : null,
      averagePrecision: averagePrecision(labels, margins),
      brierScore: brierScore(labels, probabilities),
      logLoss: logLoss(labels, probabilities),
      expectedCalibrationError: expectedCalibrationError(labels, probabilities),
      costPerApplication: costPerApplication(labels, probabilities, decisionThreshold, cost),
      rocAucChange: isServed || !ranks ? null : compareRocAuc(labels, margins, served.margins).difference,
      logLossChange: isServed ? null : compareLogLoss(labels, probabilities, served.probabilities),
      costChange: isServed ? null : compareCosts(labels, probabilities, served.probabilities, decisionThreshold, cost),
    };
  });
