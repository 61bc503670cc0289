import { createHash } from 'node:crypto';
import { artefactKeys, championPointerSchema, modelFiles, modelManifestSchema } from '@lisible/contracts';
import type { ModelManifest } from '@lisible/contracts';
import { findLender, historyTablesOf, modelFeatureNames } from '@lisible/credit';
import type { Lender } from '@lisible/credit';
import type { ArtefactStore } from '@lisible/platform';
import { openOnnxPredictor } from '../register-model/onnx.predictor.ts';
import type { OnnxPredictor } from '../register-model/onnx.predictor.ts';

/** The model in force as its files say, opened beside a platform that may be running: nothing is written, nothing is locked. */
export interface ServedChampion {
  readonly manifest: ModelManifest;
  /** Whose catalogue the model was trained under. */
  readonly lender: Lender;
  readonly predictor: OnnxPredictor;
  /** Parquet: one row an application that it learnt from, with its fold. */
  readonly estimatesPath: string;
  close(): Promise<void>;
}

/** No model can be served from these files; the message is one sentence with the way out. */
export class ChampionError extends Error {
  override readonly name = 'ChampionError';
  readonly code: 'no-model' | 'artefact-invalid' | 'catalogue-differs';

  constructor(code: ChampionError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Opens the version that the registry's pointer names and holds its files against the manifest, as scoring does.
 * @throws ChampionError
 */
export const openChampion = async (artefacts: ArtefactStore): Promise<ServedChampion> => {
  const pointer = await artefacts.find(artefactKeys.champion);
  if (pointer === null)
    throw new ChampionError('no-model', 'There is no model in force: train one first (npm start, or npm run train -- --data DIR).');
  const { modelVersion } = championPointerSchema.parse(parseJson(pointer));
  const manifest = modelManifestSchema.safeParse(parseJson(await artefacts.find(artefactKeys.model(modelVersion, modelFiles.manifest)))).data;
  if (manifest?.modelVersion !== modelVersion) throw damaged(modelVersion, modelFiles.manifest);
  const lender = findLender(manifest.catalogueName);
  const known = new Set(lender === null ? [] : modelFeatureNames(lender.catalogue, historyTablesOf(lender.catalogue)));
  if (lender === null || manifest.featureNames.some((name) => !known.has(name)))
    throw new ChampionError(
      'catalogue-differs',
      `The model ${modelVersion} reads features of catalogue ${manifest.catalogueName} ${manifest.catalogueVersion} that are not there any more: train another (npm run train -- --data DIR).`,
    );
  const onnx = await readChecked(artefacts, manifest, modelFiles.onnx);
  await readChecked(artefacts, manifest, modelFiles.estimates);
  const predictor = await openOnnxPredictor(onnx);
  return {
    manifest,
    lender,
    predictor,
    estimatesPath: await artefacts.localPath(artefactKeys.model(modelVersion, modelFiles.estimates)),
    close: () => predictor.close(),
  };
};

const parseJson = (bytes: Uint8Array | null): unknown => {
  try {
    return bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
};

const readChecked = async (artefacts: ArtefactStore, { modelVersion, files }: ModelManifest, name: string): Promise<Uint8Array> => {
  const bytes = await artefacts.find(artefactKeys.model(modelVersion, name));
  const listed = files.find((file) => file.name === name);
  if (bytes === null || listed?.sha256 !== createHash('sha256').update(bytes).digest('hex')) throw damaged(modelVersion, name);
  return bytes;
};

const damaged = (modelVersion: string, name: string): ChampionError =>
  new ChampionError(
    'artefact-invalid',
    `The file ${name} of model ${modelVersion} is not the one that was registered: put it back, or train another (npm run train -- --data DIR).`,
  );
