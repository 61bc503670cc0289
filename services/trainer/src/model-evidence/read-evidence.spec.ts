import { rm } from 'node:fs/promises';
import { artefactKeys, modelFiles } from '@lisible/contracts';
import type { ModelEvidence } from '@lisible/contracts';
import { RejectedError, openFolderArtefacts } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import { makeUpManifest } from '../../testing/made-up-manifest.ts';
import { makeUpInputs } from '../../testing/made-up-studies.ts';
import { createFolder } from '../../testing/raw-tables.ts';
import { assembleEvidence } from './assemble-evidence.ts';
import { EvidenceController } from './evidence.controller.ts';
import { readEvidence } from './read-evidence.ts';

const inputs = makeUpInputs({ numRows: 800 });
const evidence = assembleEvidence(inputs);
const { modelVersion } = evidence;

describe('evidence of a stored version', () => {
  let folder: string;
  let artefacts: ArtefactStore;
  const write = (key: string, content: unknown): Promise<unknown> => artefacts.write(key, Buffer.from(JSON.stringify(content)));
  const writeModel = async (stored: ModelEvidence | null, listed = stored): Promise<void> => {
    await write(artefactKeys.model(modelVersion, modelFiles.manifest), makeUpManifest(evidence, inputs.policy, listed));
    if (stored !== null) await write(artefactKeys.model(modelVersion, modelFiles.evidence), stored);
  };
  beforeEach(async () => {
    folder = await createFolder();
    artefacts = await openFolderArtefacts(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is the champion’s, or the named version’s, to the byte', async () => {
    await writeModel(evidence);
    expect((await readEvidence(artefacts, modelVersion)).evidence).toEqual(evidence);
    await expect(readEvidence(artefacts, null)).rejects.toMatchObject({ code: 'no-model' });
    await write(artefactKeys.champion, { modelName: 'pd', modelVersion, promotedAt: evidence.createdAt, promotedBy: 'bootstrap' });
    expect(Buffer.from((await readEvidence(artefacts, null)).bytes).toString()).toBe(JSON.stringify(evidence));
  });

  it('is missed in words: no such version, a version from before evidence was kept, a file that is another', async () => {
    await expect(readEvidence(artefacts, 'nobody')).rejects.toMatchObject({ code: 'model-not-found' });
    await expect(readEvidence(artefacts, '../registry')).rejects.toMatchObject({ code: 'model-not-found' });
    await writeModel(null);
    await expect(readEvidence(artefacts, modelVersion)).rejects.toThrow(/trained without evidence/);
    await writeModel({ ...evidence, numTrees: 7 } as unknown as ModelEvidence, evidence);
    await expect(readEvidence(artefacts, modelVersion)).rejects.toMatchObject({ code: 'evidence-damaged' });
  });

  it('is answered by the trainer, or refused with a code that the door knows', async () => {
    const controller = new EvidenceController(artefacts);
    const refusal = async (): Promise<unknown> =>
      controller.read(modelVersion).catch((error: unknown) => (error instanceof RejectedError ? error.code : error));
    expect(await refusal()).toBe('model-not-found');
    await writeModel(null);
    expect(await refusal()).toBe('evidence-not-found');
    await writeModel(evidence);
    expect(await controller.read(modelVersion)).toEqual(evidence);
  });
});
