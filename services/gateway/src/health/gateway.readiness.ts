import type { Readiness } from '@lisible/contracts';
import type { ReadinessProbe, ReadinessReport } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_OPTIONS } from '../gateway.options.ts';
import type { GatewayOptions, UpstreamName } from '../gateway.options.ts';
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
    const reports = await Promise.all(upstreamNames.map(async (name) => [name, await this.upstream.askReadiness(name)] as const));
    const services = Object.fromEntries(reports.map(([name, report]) => [name, report?.isReady ?? false]));
    // Scoring's own report names the version in force; asking it for the model would fill its log with `no-model`.
    const model = reports.find(([name]) => name === 'scoring')?.[1]?.detail ?? 'unknown';
    const silent = neededForADossier.filter((name) => services[name] !== true);
    const waitingFor =
      this.options.waitingFor?.() ?? (silent.length > 0 ? `services: ${silent.join(', ')}` : model === noModel ? 'model: none in force yet' : null);
    const view: Readiness = { isReady: waitingFor === null, model, waitingFor, services };
    return { isReady: view.isReady, detail: waitingFor ?? `model ${model}`, view };
  }
}

const noModel = 'no-model';
const upstreamNames = ['client-profile', 'scoring', 'explainer', 'trainer'] as const satisfies readonly UpstreamName[];
/** Trainer is not among them: a dossier is readable while it is away. */
const neededForADossier = ['client-profile', 'scoring', 'explainer'] as const satisfies readonly UpstreamName[];
