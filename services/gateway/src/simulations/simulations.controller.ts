import type { Advice, Assumptions, SimulatedApplication, Simulation, SimulationRequest } from '@lisible/contracts';
import {
  adviceSchema,
  assumptionsSchema,
  preparedAdviceSchema,
  preparedAssumptionsSchema,
  preparedSimulationSchema,
  simulatedApplicationSchema,
  simulationRequestSchema,
  simulationSchema,
} from '@lisible/contracts';
import { Body, Controller, Inject } from '@nestjs/common';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { ParseWith } from '../operations/parse-with.ts';
import { UNDICI_UPSTREAM } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** client-profile prepares the inputs as it does for real applications, the explainer estimates them. Nothing is recorded. */
@Controller()
export class SimulationsController {
  constructor(@Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream) {}

  @Operation({
    method: 'post',
    path: '/v1/simulations',
    summary:
      'What would be estimated, and why, if the client asked for another amount, term or instalment. Changes nothing; posted so that no address holds client data.',
    roles: ['advisor', 'risk'],
    body: simulationRequestSchema,
    answers: { 200: simulationSchema },
    problems: [404, 422],
  })
  async simulate(@Body(new ParseWith(simulationRequestSchema)) request: SimulationRequest, @Call() call: CallContext): Promise<Simulation> {
    const prepared = await this.upstream.post('client-profile', '/simulations/prepared', request, preparedSimulationSchema, call);
    return this.upstream.post('explainer', '/simulations', prepared, simulationSchema, call);
  }

  @Operation({
    method: 'post',
    path: '/v1/advice',
    summary: 'The smallest change of amount and term that would pass with a margin, or none. Changes nothing.',
    roles: ['advisor', 'risk'],
    body: simulatedApplicationSchema,
    answers: { 200: adviceSchema },
    problems: [404],
  })
  async advise(@Body(new ParseWith(simulatedApplicationSchema)) application: SimulatedApplication, @Call() call: CallContext): Promise<Advice> {
    const prepared = await this.upstream.post('client-profile', '/advice/prepared', application, preparedAdviceSchema, call);
    return this.upstream.post('explainer', '/advice', prepared, adviceSchema, call);
  }

  @Operation({
    method: 'post',
    path: '/v1/assumptions',
    summary: 'Missing or doubtful inputs that weigh on this decision, and how far the estimate moves over their plausible values. Changes nothing.',
    roles: ['advisor', 'risk'],
    body: simulatedApplicationSchema,
    answers: { 200: assumptionsSchema },
    problems: [404],
  })
  async assess(@Body(new ParseWith(simulatedApplicationSchema)) application: SimulatedApplication, @Call() call: CallContext): Promise<Assumptions> {
    const prepared = await this.upstream.post('client-profile', '/assumptions/prepared', application, preparedAssumptionsSchema, call);
    return this.upstream.post('explainer', '/assumptions', prepared, assumptionsSchema, call);
  }
}
