import { setImmediate } from 'node:timers/promises';
import { metricNames, topics } from '@lisible/contracts';
import type { ApplicationDecided, EventEnvelope, Explanation } from '@lisible/contracts';
import type { Catalogue } from '@lisible/credit';
import { CLOCK, METRICS, RejectedError, TransientError } from '@lisible/platform';
import type { Clock, CommitHalf, EventBatch, Metrics } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { attribute } from '../attribution/attribute.ts';
import { CATALOGUE } from '../catalogue.ts';
import type { ExplainableModel } from '../model-versions/explainable-model.ts';
import { ModelVersions } from '../model-versions/model-versions.ts';
import { ExplanationRecords } from '../records/explanation-records.ts';
import type { ExplainerTables } from '../records/tables.ts';

interface Explained {
  readonly event: EventEnvelope<ApplicationDecided>;
  readonly explanation: Explanation;
}

/** Each decision is explained by the trees that made it, which the event names. */
@Injectable()
export class ExplainDecisions {
  private readonly duration;

  constructor(
    @Inject(ModelVersions) private readonly models: ModelVersions,
    @Inject(ExplanationRecords) private readonly records: ExplanationRecords,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.duration = metrics.histogram(metricNames.explanationDurationSeconds, 'Time to attribute one decision and write its reasons.');
  }

  /** @throws TransientError while the model version cannot be read; Error when attributions do not add up (a bug). */
  async prepare({ events }: EventBatch<ApplicationDecided>): Promise<CommitHalf<ExplainerTables>> {
    const explained: Explained[] = [];
    for (const event of events) {
      explained.push({ event, explanation: this.explain(await this.model(event.data.modelVersion), event.data) });
      // Attribution is pure arithmetic: between rows, requests get their turn.
      await setImmediate();
    }

    return async (unit) => {
      const fresh = explained.filter(({ event }) => unit.isNew(event));
      const recorded = new Set(
        await this.records.record(
          unit,
          fresh.map(({ explanation }) => explanation),
        ),
      );
      for (const { event, explanation } of fresh) {
        // Deleted once emitted: a batch may hold the same application twice.
        if (!recorded.delete(explanation.applicationId)) continue;
        const { attributions: _stayHere, ...data } = explanation;
        await unit.emit(topics.decisionExplained, { subject: explanation.applicationId, data, cause: event.id, traceparent: event.traceparent });
      }
    };
  }

  private explain(model: ExplainableModel, decided: ApplicationDecided): Explanation {
    const stop = this.duration.startTimer();
    const reasons = attribute(this.catalogue, model, decided);
    stop();
    return {
      applicationId: decided.applicationId,
      explainedAt: this.clock.now().toISOString(),
      modelName: decided.modelName,
      modelVersion: decided.modelVersion,
      policyName: decided.policyName,
      policyVersion: decided.policyVersion,
      probabilityOfDefault: decided.probabilityOfDefault,
      ruleHits: decided.ruleHits,
      ...reasons,
    };
  }

  /** A damaged artefact is no fault of the decision: it waits until the artefact is repaired. */
  private async model(modelVersion: string): Promise<ExplainableModel> {
    try {
      return await this.models.get(modelVersion);
    } catch (error) {
      if (error instanceof RejectedError) throw new TransientError('service-unavailable', error.detail, error);
      throw error;
    }
  }
}
