import type { ApplicationView, Decision, Explanation } from '@lisible/contracts';
import { applicationSchema, applicationViewSchema, decisionSchema, explanationSchema } from '@lisible/contracts';
import { Body, Controller, Headers, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { parseIdentifier } from '../operations/parse-with.ts';
import { UNDICI_UPSTREAM, pathOf } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { Applications } from './applications.ts';
import { waitSecondsOf } from './prefer.ts';

const preferHeader = { Prefer: '`wait=N`: stay up to N seconds (30 at most) for the explained decision.' };

@Controller()
export class ApplicationsController {
  constructor(
    @Inject(Applications) private readonly applications: Applications,
    @Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream,
  ) {}

  @Operation({
    method: 'post',
    path: '/v1/applications',
    summary: 'Submit an application. Idempotent by applicationId: the same content again answers what is stored, another content 409.',
    roles: ['advisor', 'loan-system'],
    body: applicationSchema,
    headers: preferHeader,
    answers: { 200: applicationViewSchema, 202: applicationViewSchema },
    problems: [409, 422],
  })
  async submit(
    @Body() application: unknown,
    @Headers('prefer') prefer: string | undefined,
    @Call() call: CallContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApplicationView> {
    const waitSeconds = waitSecondsOf(prefer);
    const view = await this.applications.submit(application, waitSeconds, call);
    reply.status(view.status === 'explained' ? 200 : 202).header('location', `/v1${pathOf('applications', view.applicationId)}`);
    return preferring(reply, waitSeconds, view);
  }

  @Operation({
    method: 'get',
    path: '/v1/applications/{applicationId}',
    summary: 'How far an application has come, with its decision and explanation when they are there.',
    roles: ['advisor', 'risk', 'loan-system'],
    headers: preferHeader,
    answers: { 200: applicationViewSchema },
    problems: [404],
  })
  async read(
    @Param('applicationId', parseIdentifier) applicationId: string,
    @Headers('prefer') prefer: string | undefined,
    @Call() call: CallContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApplicationView> {
    const waitSeconds = waitSecondsOf(prefer);
    return preferring(reply, waitSeconds, await this.applications.read(applicationId, waitSeconds, call));
  }

  @Operation({
    method: 'get',
    path: '/v1/applications/{applicationId}/decision',
    summary: 'The decision of an application.',
    roles: ['advisor', 'risk', 'loan-system'],
    answers: { 200: decisionSchema },
    problems: [404],
  })
  readDecision(@Param('applicationId', parseIdentifier) applicationId: string, @Call() call: CallContext): Promise<Decision> {
    return this.upstream.get('scoring', pathOf('decisions', applicationId), decisionSchema, call);
  }

  @Operation({
    method: 'get',
    path: '/v1/applications/{applicationId}/explanation',
    summary: 'Why: reasons and exact attributions, of an application or of a past loan. 404 `explanation-not-found` while it is on its way.',
    roles: ['advisor', 'risk'],
    answers: { 200: explanationSchema },
    problems: [404],
  })
  readExplanation(@Param('applicationId', parseIdentifier) applicationId: string, @Call() call: CallContext): Promise<Explanation> {
    return this.applications.readExplanation(applicationId, call);
  }
}

/** Says that the wish to wait was heard, when it was. */
const preferring = (reply: FastifyReply, waitSeconds: number | null, view: ApplicationView): ApplicationView => {
  reply.header('vary', 'Prefer');
  if (waitSeconds !== null && view.status === 'explained') reply.header('preference-applied', `wait=${waitSeconds}`);
  return view;
};
