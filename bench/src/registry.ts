import type { Figure } from './figure.ts';
import { aucFeatures } from './figures/auc-features.ts';
import { aucHomeCredit } from './figures/auc-home-credit.ts';
import { decisionLatency } from './figures/decision-latency.ts';
import { evidenceParity } from './figures/evidence-parity.ts';
import { freshClone } from './figures/fresh-clone.ts';
import { onnxParity } from './figures/onnx-parity.ts';

/** Every figure the project claims. A new claim is a new entry here. */
export const figures: readonly Figure[] = [freshClone, aucHomeCredit, aucFeatures, decisionLatency, onnxParity, evidenceParity];
