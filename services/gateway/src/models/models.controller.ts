import type { ExpertView, ModelEvidence, ModelVersion } from '@lisible/contracts';
import { expertViewSchema, modelEvidenceSchema, modelVersionSchema } from '@lisible/contracts';
import { Controller, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { parseIdentifier } from '../operations/parse-with.ts';
import { UNDICI_UPSTREAM, pathOf } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';

const modelVersions = z.array(modelVersionSchema);

@Controller()
export class ModelsController {
  constructor(@Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream) {}

  @Operation({
    method: 'get',
    path: '/v1/models',
    summary: 'Registered model versions with their evidence.',
    roles: ['risk', 'mlops'],
    answers: { 200: modelVersions },
  })
  list(@Call() call: CallContext): Promise<ModelVersion[]> {
    return this.upstream.get('trainer', '/models', modelVersions, call);
  }

  @Operation({
    method: 'get',
    path: '/v1/models/{modelVersion}/evidence',
    summary: 'All that is known of a model version’s quality: aggregates only, nothing of a person.',
    roles: ['risk', 'mlops'],
    answers: { 200: modelEvidenceSchema },
    problems: [404],
  })
  readEvidence(@Param('modelVersion', parseIdentifier) modelVersion: string, @Call() call: CallContext): Promise<ModelEvidence> {
    return this.upstream.get('trainer', pathOf('models', modelVersion, 'evidence'), modelEvidenceSchema, call);
  }

  @Operation({
    method: 'get',
    path: '/v1/models/{modelVersion}/expert-view',
    summary: 'What an expert reads beside one explanation: how far estimates are probabilities, and which features act together.',
    roles: ['advisor', 'risk', 'mlops'],
    answers: { 200: expertViewSchema },
    problems: [404],
  })
  async readExpertView(@Param('modelVersion', parseIdentifier) modelVersion: string, @Call() call: CallContext): Promise<ExpertView> {
    const evidence = await this.readEvidence(modelVersion, call);
    return expertViewSchema.parse({ modelVersion, reliability: evidence.calibration.reliability, interactions: evidence.interactions });
  }
}
