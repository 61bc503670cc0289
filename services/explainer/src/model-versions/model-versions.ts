import { modelFiles } from '@lisible/contracts';
import { ARTEFACTS } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { loadExplainableModel } from './explainable-model.ts';
import type { ExplainableModel } from './explainable-model.ts';

/** A champion, its five fold models and two more for events that name an earlier version. */
const capacity = 8;

/** Loaded models, the least recently used given up first. */
@Injectable()
export class ModelVersions {
  private readonly loaded = new Map<string, Promise<ExplainableModel>>();

  constructor(@Inject(ARTEFACTS) private readonly artefacts: ArtefactStore) {}

  /** The model that made a decision. @throws RejectedError `artefact-invalid`, TransientError. */
  async get(modelVersion: string): Promise<ExplainableModel> {
    return this.load(modelVersion, modelFiles.trees);
  }

  /** The model that made a past loan's out-of-fold estimate. @throws as `get`. */
  async getFold(modelVersion: string, fold: number): Promise<ExplainableModel> {
    return this.load(modelVersion, modelFiles.foldTrees(fold));
  }

  private async load(modelVersion: string, file: string): Promise<ExplainableModel> {
    const key = `${modelVersion}/${file}`;
    const model = this.loaded.get(key) ?? loadExplainableModel(this.artefacts, modelVersion, file);
    // Map keeps insertion order: put last what was used last.
    this.loaded.delete(key);
    this.loaded.set(key, model);
    const [oldest] = this.loaded.keys();
    if (this.loaded.size > capacity && oldest !== undefined) this.loaded.delete(oldest);
    try {
      return await model;
    } catch (error) {
      if (this.loaded.get(key) === model) this.loaded.delete(key);
      throw error;
    }
  }
}
