import type { Figure } from './figure.ts';
import { advice } from './figures/advice.ts';
import { aucFeatures } from './figures/auc-features.ts';
import { aucHomeCredit } from './figures/auc-home-credit.ts';
import { axe } from './figures/axe.ts';
import { bulkScoring } from './figures/bulk-scoring.ts';
import { bundle } from './figures/bundle.ts';
import { calibration } from './figures/calibration.ts';
import { chartText } from './figures/chart-text.ts';
import { clientSearch } from './figures/client-search.ts';
import { cohort } from './figures/cohort.ts';
import { costAhead } from './figures/cost-ahead.ts';
import { decisionLatency } from './figures/decision-latency.ts';
import { dossierPaint } from './figures/dossier-paint.ts';
import { evidenceParity } from './figures/evidence-parity.ts';
import { featureEngineering } from './figures/feature-engineering.ts';
import { freshClone } from './figures/fresh-clone.ts';
import { importParity } from './figures/import-parity.ts';
import { lighthouse } from './figures/lighthouse.ts';
import { onnxParity } from './figures/onnx-parity.ts';
import { peerThroughput } from './figures/peer-throughput.ts';
import { reasonsSpeed } from './figures/reasons-speed.ts';
import { reliabilityFigures } from './figures/reliability.ts';
import { shapError } from './figures/shap-error.ts';
import { shapSpeed } from './figures/shap-speed.ts';
import { simulation } from './figures/simulation.ts';
import { strings } from './figures/strings.ts';
import { trainAuc } from './figures/train-auc.ts';
import { trainDeterminism } from './figures/train-determinism.ts';
import { trainMemory } from './figures/train-memory.ts';
import { trainServeSkew } from './figures/train-serve-skew.ts';
import { trainSpeed } from './figures/train-speed.ts';
import { trainHomeCredit } from './figures/train-home-credit.ts';

/** Every figure the project claims. A new claim is a new entry here. */
export const figures: readonly Figure[] = [
  freshClone,
  aucHomeCredit,
  aucFeatures,
  decisionLatency,
  peerThroughput,
  onnxParity,
  importParity,
  evidenceParity,
  trainHomeCredit,
  calibration,
  costAhead,
  bulkScoring,
  featureEngineering,
  trainServeSkew,
  shapSpeed,
  shapError,
  reasonsSpeed,
  cohort,
  clientSearch,
  simulation,
  advice,
  dossierPaint,
  lighthouse,
  bundle,
  axe,
  chartText,
  strings,
  trainSpeed,
  trainAuc,
  trainMemory,
  trainDeterminism,
  ...reliabilityFigures,
];
