import type { EstimatedOutcome, Policy, PreparedInputs, ReasonCode } from '@lisible/contracts';
import { decideScored, toVector } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { sigmoid } from '@lisible/tree-ensemble';
import { Inject, Injectable } from '@nestjs/common';
import { attribute } from '../attribution/attribute.ts';
import { CATALOGUE } from '../catalogue.ts';
import { Champion } from '../follow-champion/champion.ts';
import type { ExplainableModel } from '../model-versions/explainable-model.ts';
import { ModelVersions } from '../model-versions/model-versions.ts';
import { PolicyRecords } from '../records/policy-records.ts';

export interface References {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly policyName: string;
  readonly policyVersion: number;
}

/** Model and policy in force, for as many what-ifs of one application as wanted. */
export interface Estimates {
  readonly references: References;
  /** Outcomes of changed inputs (features as in `before` may be left out), in their order, through the same trees, rules and training ranges as real decisions. */
  outcomes(changes: readonly PreparedInputs[]): readonly EstimatedOutcome[];
  /** Of one of them, the reasons too. */
  explain(change: PreparedInputs): { readonly outcome: EstimatedOutcome; readonly reasonCodes: ReasonCode[] };
}

@Injectable()
export class Estimator {
  constructor(
    @Inject(Champion) private readonly champion: Champion,
    @Inject(ModelVersions) private readonly models: ModelVersions,
    @Inject(PolicyRecords) private readonly policies: PolicyRecords,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  /** @throws TransientError `no-model` */
  async open(applicationId: string, currency: string, before: PreparedInputs): Promise<Estimates> {
    const model = await this.models.get(this.champion.get());
    const { manifest } = model;
    // Scoring adopts the first champion's recommendation as version 1; until its event is here, that is the policy.
    const { policyName, policyVersion, policy } = (await this.policies.find()) ?? {
      policyName: manifest.recommendedPolicy.policyName,
      policyVersion: 1,
      policy: manifest.recommendedPolicy,
    };
    const complete = ({ features, policyInputs }: PreparedInputs): PreparedInputs => ({
      features: { ...before.features, ...features },
      policyInputs,
    });
    const scored = (changes: readonly PreparedInputs[]) => this.score(model, policy, currency, changes.map(complete));
    return {
      references: { modelName: manifest.modelName, modelVersion: manifest.modelVersion, policyName, policyVersion },
      outcomes: (changes) => scored(changes).map(({ outcome }) => outcome),
      explain: (change) => {
        const [row] = scored([change]);
        if (row === undefined) throw new Error('the model answered nothing');
        const { features } = complete(change);
        const { probabilityOfDefault, proposal } = row.outcome;
        const { reasonCodes } = attribute(this.catalogue, model, {
          applicationId,
          features,
          margin: row.margin,
          probabilityOfDefault,
          proposal,
          currency,
        });
        return { outcome: row.outcome, reasonCodes };
      },
    };
  }

  private score(
    { manifest, predictMargins }: ExplainableModel,
    policy: Policy,
    currency: string,
    rows: readonly PreparedInputs[],
  ): readonly { readonly margin: number; readonly outcome: EstimatedOutcome }[] {
    const { featureNames } = manifest;
    const numFeatures = featureNames.length;
    const values = new Float32Array(rows.length * numFeatures);
    rows.forEach(({ features }, row) => values.set(toVector(featureNames, features), row * numFeatures));
    const margins = predictMargins({ numRows: rows.length, numFeatures, values });
    return rows.map(({ features, policyInputs }, row) => {
      const margin = margins[row] ?? Number.NaN;
      const probabilityOfDefault = sigmoid(margin);
      const ofRow = values.subarray(row * numFeatures, (row + 1) * numFeatures);
      const { outcome } = decideScored(policy, manifest, this.catalogue, { features, values: ofRow, policyInputs, probabilityOfDefault, currency });
      return { margin, outcome: { probabilityOfDefault, ...outcome } };
    });
  }
}
