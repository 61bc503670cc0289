import { createHash } from 'node:crypto';
import { artefactKeys, modelFiles, modelManifestSchema } from '@lisible/contracts';
import type { ModelManifest } from '@lisible/contracts';
import { RejectedError } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import type { Predictor, Predictors } from '../predictor/predictor.ts';

/** A model version, checked and ready to score. */
export interface ServedModel {
  readonly manifest: ModelManifest;
  readonly predictor: Predictor;
}

/**
 * Loads a model version and holds its files against the manifest.
 * @throws RejectedError `artefact-invalid` when the manifest or a hash does not fit; TransientError when a file is absent.
 */
export const loadServedModel = async (artefacts: ArtefactStore, predictors: Predictors, modelVersion: string): Promise<ServedModel> => {
  const manifest = parseManifest(modelVersion, await artefacts.read(artefactKeys.model(modelVersion, modelFiles.manifest)));
  const onnx = await artefacts.read(artefactKeys.model(modelVersion, modelFiles.onnx));
  checkFile(manifest, modelFiles.onnx, onnx);
  // Estimates may be rebuilt after registration; where the manifest lists them, they must be those.
  if (manifest.files.some(({ name }) => name === modelFiles.estimates)) {
    checkFile(manifest, modelFiles.estimates, await artefacts.read(artefactKeys.model(modelVersion, modelFiles.estimates)));
  }
  return { manifest, predictor: await predictors.open(onnx) };
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

const checkFile = (manifest: ModelManifest, name: string, bytes: Uint8Array): void => {
  const listed = manifest.files.find((file) => file.name === name);
  if (listed === undefined || listed.sha256 !== createHash('sha256').update(bytes).digest('hex')) throw invalid(manifest.modelVersion, name);
};

const invalid = (modelVersion: string, file: string): RejectedError =>
  new RejectedError('artefact-invalid', {
    fr: `Le fichier ${file} du modèle ${modelVersion} n’est pas celui qui a été enregistré.`,
    en: `The file ${file} of model ${modelVersion} is not the one that was registered.`,
  });
