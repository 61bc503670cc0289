import { createHash } from 'node:crypto';
import { metricNames, topics } from '@lisible/contracts';
import type { ApplicationPrepared, EventEnvelope, FeatureValues, PolicyView } from '@lisible/contracts';
import { canonicalJson, decideScored, findLender, toVector } from '@lisible/credit';
import { CLOCK, METRICS, RejectedError } from '@lisible/platform';
import type { Clock, CommitHalf, EventBatch, Metrics } from '@lisible/platform';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import { Inject, Injectable } from '@nestjs/common';
import { Champion, noModel } from '../follow-champion/champion.ts';
import type { ServedModel } from '../follow-champion/served-model.ts';
import { DecisionLedger } from '../ledger/decision-ledger.ts';
import type { LedgerEntry } from '../ledger/decision-ledger.ts';
import type { ScoringTables } from '../ledger/tables.ts';
import { PolicyVersions } from '../policies/policy-versions.ts';

type Prepared = EventEnvelope<ApplicationPrepared>;

/** Prepared applications become decisions: all rows of a batch in one run of the model, one ledger row and one event each. */
@Injectable()
export class ScoreApplications {
  private readonly decisions;

  constructor(
    @Inject(Champion) private readonly champion: Champion,
    @Inject(PolicyVersions) private readonly policies: PolicyVersions,
    @Inject(DecisionLedger) private readonly ledger: DecisionLedger,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.decisions = metrics.counter(metricNames.decisionsTotal, 'Decisions entered into the ledger, by outcome.', ['decision']);
  }

  /** @throws TransientError `no-model`: applications wait, none is lost; RejectedError `event-invalid` when a model input was not prepared. */
  async prepare({ events }: EventBatch<ApplicationPrepared>): Promise<CommitHalf<ScoringTables>> {
    const model = this.champion.get();
    const policy = await this.policies.find();
    if (policy === null) throw noModel();
    const { featureNames } = model.manifest;
    const features = events.map((event) => modelInputs(featureNames, event));
    const matrix = toMatrix(featureNames, features);
    const { margins, probabilities } = await model.predictor.predict(matrix);
    const decidedAt = this.clock.now().toISOString();
    const entries = events.map((event, row) => ({
      event,
      entry: toEntry(model, policy, event.data, {
        features: at(features, row),
        values: matrix.values.subarray(row * matrix.numFeatures, (row + 1) * matrix.numFeatures),
        margin: at(margins, row),
        probabilityOfDefault: at(probabilities, row),
        decidedAt,
      }),
    }));

    return async (unit) => {
      const fresh = entries.filter(({ event }) => unit.isNew(event));
      const recorded = new Set(
        await this.ledger.record(
          unit,
          fresh.map(({ entry }) => entry),
        ),
      );
      for (const { event, entry } of fresh) {
        // Deleted once emitted: a batch may hold the same application twice.
        if (!recorded.delete(entry.decision.applicationId)) continue;
        await unit.emit(topics.applicationDecided, {
          subject: entry.decision.applicationId,
          data: { ...entry.decision, catalogueVersion: entry.catalogueVersion, currency: entry.currency, features: entry.features },
          cause: event.id,
          traceparent: event.traceparent,
        });
        this.decisions.inc({ decision: entry.decision.decision });
      }
    };
  }
}

/** What this model reads of what was prepared; a feature that was not prepared is a fault, not a missing value. */
const modelInputs = (featureNames: readonly string[], { subject, data }: Prepared): FeatureValues =>
  Object.fromEntries(
    featureNames.map((name) => {
      const value = data.features[name];
      if (value === undefined) {
        throw new RejectedError('event-invalid', {
          fr: `La demande ${subject} a été préparée sans la variable ${name} du modèle (catalogue ${data.catalogueVersion}).`,
          en: `Application ${subject} was prepared without the model's feature ${name} (catalogue ${data.catalogueVersion}).`,
        });
      }
      return [name, value];
    }),
  );

const toMatrix = (featureNames: readonly string[], features: readonly FeatureValues[]): FeatureMatrix => {
  const values = new Float32Array(features.length * featureNames.length);
  features.forEach((row, index) => values.set(toVector(featureNames, row), index * featureNames.length));
  return { numRows: features.length, numFeatures: featureNames.length, values };
};

interface Scored {
  readonly features: FeatureValues;
  /** The same as the model reads them, in its order. */
  readonly values: Float32Array;
  readonly margin: number;
  readonly probabilityOfDefault: number;
  readonly decidedAt: string;
}

const toEntry = (
  { manifest }: ServedModel,
  { policyName, policyVersion, policy }: PolicyView,
  prepared: ApplicationPrepared,
  { features, values, margin, probabilityOfDefault, decidedAt }: Scored,
): LedgerEntry => {
  const { outcome, policyInputs } = decideScored(policy, manifest, findLender(manifest.catalogueName)?.catalogue ?? null, {
    features,
    values,
    policyInputs: prepared.policyInputs,
    probabilityOfDefault,
    currency: prepared.currency,
  });
  return {
    decision: {
      applicationId: prepared.applicationId,
      clientId: prepared.clientId,
      decidedAt,
      modelName: manifest.modelName,
      modelVersion: manifest.modelVersion,
      policyName,
      policyVersion,
      probabilityOfDefault,
      margin,
      ...outcome,
      isHistoryMissing: prepared.isHistoryMissing,
      featuresHash: createHash('sha256').update(canonicalJson(features)).digest('hex'),
    },
    features,
    policyInputs,
    catalogueVersion: prepared.catalogueVersion,
    currency: prepared.currency,
  };
};

const at = <T>(list: ArrayLike<T>, index: number): T => {
  const value = list[index];
  if (value === undefined) throw new Error(`the model answered ${list.length} rows, row ${index} is missing`);
  return value;
};
