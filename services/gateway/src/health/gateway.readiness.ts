import type { Readiness } from '@lisible/contracts';
import { modelReferenceSchema } from '@lisible/contracts';
import type { ReadinessProbe, ReadinessReport } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_OPTIONS } from '../gateway.options.ts';
import type { GatewayOptions, UpstreamName } from '../gateway.options.ts';
import { UpstreamProblem } from '../upstream/upstream-problem.ts';
import { UNDICI_UPSTREAM } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** Ready when a dossier can be read: the services that it comes from answer and a model is in force. */
@Injectable()
export class GatewayReadiness implements ReadinessProbe {
  constructor(
    @Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
  ) {}

  async check(): Promise<ReadinessReport> {
    const [model, ...states] = await Promise.all([this.model(), ...upstreamNames.map((name) => this.upstream.isReady(name))]);
    const services = Object.fromEntries(upstreamNames.map((name, index) => [name, states[index] ?? false]));
    const silent = neededForADossier.filter((name) => services[name] !== true);
    const waitingFor = this.options.waitingFor?.() ?? (silent.length > 0 ? `services: ${silent.join(', ')}` : model === noModel ? 'model: none in force yet' : null);
    const view: Readiness = { isReady: waitingFor === null, model, waitingFor, services };
    return { isReady: view.isReady, detail: waitingFor ?? `model ${model}`, view };
  }

  private async model(): Promise<string> {
    try {
      return (await this.upstream.get('scoring', '/model', modelReferenceSchema, { actor: 'gateway', acceptLanguage: undefined, traceparent: undefined, correlationId: undefined })).modelVersion;
    } catch (error) {
      return error instanceof UpstreamProblem && error.problem.code === 'no-model' ? noModel : 'unknown';
    }
  }
}

const noModel = 'no-model';
const upstreamNames = ['client-profile', 'scoring', 'explainer', 'trainer'] as const satisfies readonly UpstreamName[];
/** Trainer is not among them: a dossier is readable while it is away. */
const neededForADossier = ['client-profile', 'scoring', 'explainer'] as const satisfies readonly UpstreamName[];
