import { createHash } from 'node:crypto';
import { artefactKeys, championPointerSchema, modelEvidenceSchema, modelFiles, modelManifestSchema } from '@lisible/contracts';
import type { ModelEvidence } from '@lisible/contracts';
import type { ArtefactStore } from '@lisible/platform';

/** Evidence that cannot be read from the artefacts; the message is one sentence with the way out. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  readonly code: 'no-model' | 'model-not-found' | 'no-evidence' | 'evidence-damaged';

  constructor(code: EvidenceError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What a version may be called; anything else names no folder of ours. */
const versionPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/**
 * The evidence in a version's artefact folder, held against the hash in its manifest. `modelVersion` null: the champion's.
 * @throws EvidenceError
 */
export const readEvidence = async (
  artefacts: ArtefactStore,
  modelVersion: string | null,
): Promise<{ readonly evidence: ModelEvidence; readonly bytes: Uint8Array }> => {
  const version = modelVersion ?? (await findChampionVersion(artefacts));
  const manifest = versionPattern.test(version)
    ? modelManifestSchema.safeParse(parseJson(await artefacts.find(artefactKeys.model(version, modelFiles.manifest)))).data
    : undefined;
  if (manifest === undefined) throw new EvidenceError('model-not-found', `There is no model ${version} here.`);
  const listed = manifest.files.find(({ name }) => name === modelFiles.evidence);
  const bytes = listed === undefined ? null : await artefacts.find(artefactKeys.model(version, modelFiles.evidence));
  if (bytes === null)
    throw new EvidenceError(
      'no-evidence',
      `Model ${version} was trained without evidence (before it was kept, or with STUDIES=none): train again to have it (npm run train -- --data DIR).`,
    );
  const evidence = modelEvidenceSchema.safeParse(parseJson(bytes)).data;
  if (evidence === undefined || evidence.modelVersion !== version || createHash('sha256').update(bytes).digest('hex') !== listed?.sha256)
    throw new EvidenceError(
      'evidence-damaged',
      `The evidence of model ${version} is not what was written at its training: put ${modelFiles.evidence} back, or train it again (npm run train -- --data DIR).`,
    );
  return { evidence, bytes };
};

const findChampionVersion = async (artefacts: ArtefactStore): Promise<string> => {
  const pointer = championPointerSchema.safeParse(parseJson(await artefacts.find(artefactKeys.champion))).data;
  if (pointer === undefined)
    throw new EvidenceError('no-model', 'There is no model in force: train one first (npm start, or npm run train -- --data DIR).');
  return pointer.modelVersion;
};

const parseJson = (bytes: Uint8Array | null): unknown => {
  try {
    return bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
};
