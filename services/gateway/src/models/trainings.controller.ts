import type { TrainingView } from '@lisible/contracts';
import { trainingRequestSchema, trainingViewSchema } from '@lisible/contracts';
import { Body, Controller, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { parseIdentifier } from '../operations/parse-with.ts';
import { UNDICI_UPSTREAM, pathOf } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';

@Controller()
export class TrainingsController {
  constructor(@Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream) {}

  @Operation({
    method: 'post',
    path: '/v1/trainings',
    summary: 'Train a model on a folder of raw tables on the trainer’s machine.',
    roles: ['mlops'],
    body: trainingRequestSchema,
    answers: { 202: trainingViewSchema },
    problems: [409, 422],
  })
  async start(@Body() training: unknown, @Call() call: CallContext, @Res({ passthrough: true }) reply: FastifyReply): Promise<TrainingView> {
    const view = await this.upstream.post('trainer', '/trainings', training, trainingViewSchema, call);
    reply.header('location', `/v1${pathOf('trainings', view.trainingId)}`);
    return view;
  }

  @Operation({
    method: 'get',
    path: '/v1/trainings/{trainingId}',
    summary: 'How far a training has come.',
    roles: ['mlops'],
    answers: { 200: trainingViewSchema },
    problems: [404],
  })
  read(@Param('trainingId', parseIdentifier) trainingId: string, @Call() call: CallContext): Promise<TrainingView> {
    return this.upstream.get('trainer', pathOf('trainings', trainingId), trainingViewSchema, call);
  }
}
