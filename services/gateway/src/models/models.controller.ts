import type { ModelVersion } from '@lisible/contracts';
import { modelVersionSchema } from '@lisible/contracts';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { UNDICI_UPSTREAM } from '../upstream/upstream.ts';
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
}
