import type { Application, PreparedInputs } from '@lisible/contracts';
import { computeFeatures, historyTablesOf, modelFeatureNames, policyInputs } from '@lisible/credit';
import type { Catalogue, HistoryRow } from '@lisible/credit';
import { Inject, Injectable } from '@nestjs/common';
import { CATALOGUE } from '../catalogue.ts';

/** What model and rules get of an application, real or changed. Protected attributes and contact data never leave this service. */
@Injectable()
export class InputPreparation {
  private readonly modelFeatures: readonly string[];

  constructor(@Inject(CATALOGUE) private readonly catalogue: Catalogue) {
    // Inputs that a model may read, those of every history table included: which of them it learnt from is the model's own.
    this.modelFeatures = modelFeatureNames(catalogue, historyTablesOf(catalogue));
  }

  /** `history`: null for a client in no snapshot, and for an application that was decided without one. */
  prepare(application: Application, history: HistoryRow | null): PreparedInputs {
    const features = computeFeatures(this.catalogue, application, history);
    return {
      features: Object.fromEntries(this.modelFeatures.map((name) => [name, features[name] ?? null])),
      policyInputs: policyInputs(this.catalogue, application, history),
    };
  }
}
