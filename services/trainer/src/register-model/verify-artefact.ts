import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { artefactKeys, modelFiles, modelManifestSchema } from '@lisible/contracts';
import type { ModelManifest } from '@lisible/contracts';
import { RejectedError } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import {
  createBackgroundExplainer,
  createTreeExplainer,
  parseTrees,
  predictMargins,
  selectRows,
  sigmoid,
  TreeEnsembleError,
} from '@lisible/tree-ensemble';
import type { FeatureMatrix, TreeEnsemble } from '@lisible/tree-ensemble';
import { openOnnxPredictor } from './onnx.predictor.ts';
import type { OnnxPredictor } from './onnx.predictor.ts';
import { parityRows } from './parity-rows.ts';

const numParityRows = 10_000;
const numAttributionRows = 64;
/** Between two batches the event loop turns: advisors wait for at most one of them. */
const batchSize = 250;

/** The ONNX margin is the native one to the last bit; the probability differs by exp's rounding at most. */
const maxMarginDifference = 0;
const maxProbabilityDifference = 1e-12;
/** SHAP values are sums of many float64 products. */
const maxAdditivityError = 1e-9;

/** What was measured on an artefact that may be registered. */
export interface VerifiedArtefact {
  readonly manifest: ModelManifest;
  readonly manifestHash: string;
  readonly additivityError: number;
  readonly marginDifference: number;
  readonly probabilityDifference: number;
}

const refuse = (what: { readonly fr: string; readonly en: string }): RejectedError => new RejectedError('artefact-invalid', what);

/**
 * Reads a stored model version back and proves it: hashes as in the manifest, ONNX and native margins equal, attributions that
 * add up to the margin.
 * @throws RejectedError artefact-invalid, TransientError when the store does not answer
 */
export const verifyArtefact = async (artefacts: ArtefactStore, modelVersion: string): Promise<VerifiedArtefact> => {
  const manifestBytes = await artefacts.read(artefactKeys.model(modelVersion, modelFiles.manifest));
  const manifest = parseManifest(manifestBytes, modelVersion);
  const files = new Map<string, Uint8Array>();
  for (const { name, sha256, bytes: size } of manifest.files) {
    const bytes = await artefacts.read(artefactKeys.model(modelVersion, name));
    if (bytes.length !== size || hash(bytes) !== sha256)
      throw refuse({
        fr: `Le fichier ${name} n’est pas celui que décrit le manifeste.`,
        en: `The file ${name} is not the one that the manifest describes.`,
      });
    files.set(name, bytes);
  }
  const ensemble = readTrees(files, modelFiles.trees, manifest);
  for (let fold = 0; fold < manifest.training.folds; fold++) readTrees(files, modelFiles.foldTrees(fold), manifest);

  const rows = parityRows(ensemble, numParityRows, manifest.seed);
  const parity = await measureParity(fileOf(files, modelFiles.onnx), ensemble, rows);
  if (!(parity.marginDifference <= maxMarginDifference && parity.probabilityDifference <= maxProbabilityDifference))
    throw refuse({
      fr: `Le modèle ONNX et le modèle d’origine ne s’accordent pas : écart de ${parity.marginDifference} sur la marge, de ${parity.probabilityDifference} sur la probabilité.`,
      en: `The ONNX model and the native one disagree: the margins differ by ${parity.marginDifference}, the probabilities by ${parity.probabilityDifference}.`,
    });
  const additivityError = await measureAdditivity(
    ensemble,
    selectRows(
      rows,
      Array.from({ length: numAttributionRows }, (_, row) => row),
    ),
    backgroundOf(manifest),
  );
  if (!(additivityError <= maxAdditivityError))
    throw refuse({
      fr: `Les attributions ne s’additionnent pas à la marge : écart de ${additivityError}.`,
      en: `The attributions do not add up to the margin: they miss it by ${additivityError}.`,
    });
  return { manifest, manifestHash: hash(manifestBytes), additivityError, ...parity };
};

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const parseManifest = (bytes: Uint8Array, modelVersion: string): ModelManifest => {
  const unreadable = refuse({ fr: 'Le manifeste du modèle est illisible.', en: 'The model’s manifest cannot be read.' });
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw unreadable;
  }
  const manifest = modelManifestSchema.safeParse(content).data;
  if (manifest?.modelVersion !== modelVersion) throw unreadable;
  return manifest;
};

const fileOf = (files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array => {
  const bytes = files.get(name);
  if (bytes === undefined)
    throw refuse({ fr: `Le manifeste ne connaît pas le fichier ${name}.`, en: `The manifest does not know the file ${name}.` });
  return bytes;
};

const readTrees = (files: ReadonlyMap<string, Uint8Array>, name: string, { featureNames }: ModelManifest): TreeEnsemble => {
  const unreadable = refuse({ fr: `Les arbres de ${name} sont illisibles.`, en: `The trees of ${name} cannot be read.` });
  const text = Buffer.from(fileOf(files, name)).toString('utf8');
  try {
    const ensemble = parseTrees(text);
    if (ensemble.featureNames.join() !== featureNames.join()) throw unreadable;
    return ensemble;
  } catch (error) {
    throw error instanceof TreeEnsembleError ? unreadable : error;
  }
};

const openOnnx = async (bytes: Uint8Array): Promise<OnnxPredictor> => {
  try {
    return await openOnnxPredictor(bytes);
  } catch {
    throw refuse({ fr: 'ONNX Runtime ne peut pas lire le modèle.', en: 'ONNX Runtime cannot read the model.' });
  }
};

const measureParity = async (
  onnx: Uint8Array,
  ensemble: TreeEnsemble,
  rows: FeatureMatrix,
): Promise<Pick<VerifiedArtefact, 'marginDifference' | 'probabilityDifference'>> => {
  const predictor = await openOnnx(onnx);
  let marginDifference = 0;
  let probabilityDifference = 0;
  try {
    for (let start = 0; start < rows.numRows; start += batchSize) {
      const batch = selectRows(
        rows,
        Array.from({ length: Math.min(batchSize, rows.numRows - start) }, (_, row) => start + row),
      );
      const expected = predictMargins(ensemble, batch);
      const { margins, probabilities } = await predictor.predict(Float64Array.from(batch.values), batch.numFeatures);
      expected.forEach((margin, row) => {
        marginDifference = greater(marginDifference, Math.abs((margins[row] ?? Number.NaN) - margin));
        probabilityDifference = greater(probabilityDifference, Math.abs((probabilities[row] ?? Number.NaN) - sigmoid(margin)));
      });
      await setImmediate();
    }
  } finally {
    await predictor.close();
  }
  return { marginDifference, probabilityDifference };
};

/** NaN is the greatest difference there is: Math.max would keep it, a comparison would lose it. */
const greater = (a: number, b: number): number => Math.max(a, b);

const backgroundOf = ({ background, featureNames }: ModelManifest): FeatureMatrix => ({
  numRows: background.rows.length,
  numFeatures: featureNames.length,
  values: Float32Array.from(background.rows.flat(), (value) => value ?? Number.NaN),
});

const measureAdditivity = async (ensemble: TreeEnsemble, rows: FeatureMatrix, background: FeatureMatrix): Promise<number> => {
  const margins = predictMargins(ensemble, rows);
  const explainers = [createTreeExplainer(ensemble), ...(background.numRows === 0 ? [] : [createBackgroundExplainer(ensemble, background)])];
  let error = 0;
  for (const explainer of explainers) {
    const shapValues = explainer.explainRows(rows);
    margins.forEach((margin, row) => {
      const ofRow = shapValues.subarray(row * rows.numFeatures, (row + 1) * rows.numFeatures);
      error = greater(error, Math.abs(sum(ofRow) + explainer.baseValue - margin));
    });
    await setImmediate();
  }
  return error;
};

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
