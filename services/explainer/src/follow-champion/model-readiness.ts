import type { ReadinessProbe, ReadinessReport } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Champion } from './champion.ts';

/** The explainer is ready without a champion too: it answers past explanations. */
@Injectable()
export class ModelReadiness implements ReadinessProbe {
  constructor(@Inject(Champion) private readonly champion: Champion) {}

  async check(): Promise<ReadinessReport> {
    return { isReady: true, detail: this.champion.find() ?? 'no-model' };
  }
}
