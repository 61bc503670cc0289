import type { ReadinessProbe, ReadinessReport } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Champion } from './champion.ts';

/** Scoring is ready without a champion too: it answers past decisions and lets applications wait. */
@Injectable()
export class ModelReadiness implements ReadinessProbe {
  constructor(@Inject(Champion) private readonly champion: Champion) {}

  async check(): Promise<ReadinessReport> {
    return { isReady: true, detail: this.champion.find()?.manifest.modelVersion ?? 'no-model' };
  }
}
