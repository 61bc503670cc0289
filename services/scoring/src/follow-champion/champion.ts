import { artefactKeys, championPointerSchema } from '@lisible/contracts';
import { ARTEFACTS, TransientError } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { AdoptPolicy } from '../adopt-policy/adopt-policy.ts';
import { Predictors } from '../predictor/predictor.ts';
import { loadServedModel } from './served-model.ts';
import type { ServedModel } from './served-model.ts';

/** The model in service. A swap is one assignment: a batch in hand finishes on the model it started with. */
@Injectable()
export class Champion {
  private served: ServedModel | null = null;
  private refreshing: Promise<{ readonly hasChanged: boolean }> | null = null;

  constructor(
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(Predictors) private readonly predictors: Predictors,
    @Inject(AdoptPolicy) private readonly adoptPolicy: AdoptPolicy,
  ) {}

  find(): ServedModel | null {
    return this.served;
  }

  /** @throws TransientError `no-model` before the first promotion. */
  get(): ServedModel {
    if (this.served === null) throw noModel();
    return this.served;
  }

  /** Takes over the version that the owner's pointer names; the previous one stays in service until the new one is checked and open. */
  async refresh(): Promise<{ readonly hasChanged: boolean }> {
    // A broadcast and the timer may meet: one load at a time, then look again, since the pointer may have moved meanwhile.
    while (this.refreshing !== null) await this.refreshing.catch(() => undefined);
    this.refreshing = this.load().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async load(): Promise<{ readonly hasChanged: boolean }> {
    const pointer = await this.artefacts.find(artefactKeys.champion);
    if (pointer === null) return { hasChanged: false };
    const { modelVersion } = championPointerSchema.parse(JSON.parse(new TextDecoder().decode(pointer)));
    if (this.served?.manifest.modelVersion === modelVersion) return { hasChanged: false };

    const served = await loadServedModel(this.artefacts, this.predictors, modelVersion);
    // A model serves only under a policy.
    await this.adoptPolicy.execute(served.manifest);
    this.served = served;
    return { hasChanged: true };
  }
}

export const noModel = (): TransientError =>
  new TransientError('no-model', { fr: 'Aucun modèle n’est encore en service.', en: 'No model is in service yet.' });
