import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { artefactKeys, modelFiles, modelManifestSchema } from '@lisible/contracts';
import type { ModelManifest } from '@lisible/contracts';
import { RejectedError } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import { expectedMargin, parseTrees, predictMargins, prepareBackgroundExplainer, sigmoid } from '@lisible/tree-ensemble';
import type { BackgroundExplainer, FeatureMatrix } from '@lisible/tree-ensemble';

/** The trees of a model version (or of one of its fold models) and the clients that reasons are measured against. */
export interface ExplainableModel {
  readonly manifest: ModelManifest;
  readonly explainer: BackgroundExplainer;
  /** Margins alone, a hundred times as fast as attributions; the same trees. */
  readonly predictMargins: (rows: FeatureMatrix) => ArrayLike<number>;
  /** What `explainer.baseValue` means: clients approved near the threshold. */
  readonly reference: { readonly probabilityOfDefault: number; readonly baseValue: number; readonly clients: number };
  /** Expected margin over the training population (path-dependent base of the same trees). */
  readonly populationBaseValue: number;
}

/**
 * Loads a model version's trees and holds the file against the manifest.
 * @throws RejectedError `artefact-invalid` when the manifest or the hash does not fit; TransientError when a file is absent.
 */
export const loadExplainableModel = async (artefacts: ArtefactStore, modelVersion: string, treesFile: string): Promise<ExplainableModel> => {
  const manifest = parseManifest(modelVersion, await artefacts.read(artefactKeys.model(modelVersion, modelFiles.manifest)));
  const bytes = await artefacts.read(artefactKeys.model(modelVersion, treesFile));
  const listed = manifest.files.find(({ name }) => name === treesFile);
  if (listed === undefined || listed.sha256 !== createHash('sha256').update(bytes).digest('hex')) throw invalid(modelVersion, treesFile);

  const ensemble = parseTrees(new TextDecoder().decode(bytes));
  if (ensemble.featureNames.join() !== manifest.featureNames.join()) throw invalid(modelVersion, treesFile);
  const background = toMatrix(manifest);
  // Some hundred milliseconds for a large model: requests get their turn between its trees.
  const explainer = await prepareBackgroundExplainer(ensemble, background, () => setImmediate());
  return {
    manifest,
    explainer,
    predictMargins: (rows) => predictMargins(ensemble, rows),
    reference: { probabilityOfDefault: sigmoid(explainer.baseValue), baseValue: explainer.baseValue, clients: background.numRows },
    populationBaseValue: expectedMargin(ensemble),
  };
};

const toMatrix = ({ background, featureNames, modelVersion }: ModelManifest): FeatureMatrix => {
  const numFeatures = featureNames.length;
  if (background.rows.length === 0 || background.rows.some((row) => row.length !== numFeatures)) throw invalid(modelVersion, modelFiles.manifest);
  const values = Float32Array.from(background.rows.flat(), (value) => value ?? Number.NaN);
  return { numRows: background.rows.length, numFeatures, values };
};

const parseManifest = (modelVersion: string, bytes: Uint8Array): ModelManifest => {
  try {
    const manifest = modelManifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    if (manifest.modelVersion === modelVersion) return manifest;
  } catch {
    // Not JSON or not a manifest: the same answer as a manifest of another version.
  }
  throw invalid(modelVersion, modelFiles.manifest);
};

const invalid = (modelVersion: string, file: string): RejectedError =>
  new RejectedError('artefact-invalid', {
    fr: `Le fichier ${file} du modèle ${modelVersion} n’est pas celui qui a été enregistré.`,
    en: `The file ${file} of model ${modelVersion} is not the one that was registered.`,
  });
