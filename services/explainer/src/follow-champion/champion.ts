import { artefactKeys, championPointerSchema } from '@lisible/contracts';
import { ARTEFACTS, TransientError } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ModelVersions } from '../model-versions/model-versions.ts';

/** The version in service: past loans are explained by its fold models. */
@Injectable()
export class Champion {
  private modelVersion: string | null = null;

  constructor(
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(ModelVersions) private readonly models: ModelVersions,
  ) {}

  find(): string | null {
    return this.modelVersion;
  }

  /** @throws TransientError `no-model` before the first promotion. */
  get(): string {
    if (this.modelVersion === null)
      throw new TransientError('no-model', { fr: 'Aucun modèle n’est encore en service.', en: 'No model is in service yet.' });
    return this.modelVersion;
  }

  /** Takes over the version that the owner's pointer names, loaded beforehand so that its first decision does not wait. */
  async refresh(): Promise<{ readonly hasChanged: boolean }> {
    const pointer = await this.artefacts.find(artefactKeys.champion);
    if (pointer === null) return { hasChanged: false };
    const { modelVersion } = championPointerSchema.parse(JSON.parse(new TextDecoder().decode(pointer)));
    if (this.modelVersion === modelVersion) return { hasChanged: false };
    await this.models.get(modelVersion);
    this.modelVersion = modelVersion;
    return { hasChanged: true };
  }
}
