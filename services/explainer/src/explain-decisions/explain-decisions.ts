import { setImmediate } from 'node:timers/promises';
import { metricNames, topics } from '@lisible/contracts';
import type { ApplicationDecided, EventEnvelope, Explanation } from '@lisible/contracts';
import type { Catalogue } from '@lisible/credit';
import { CLOCK, METRICS, RejectedError, TransientError } from '@lisible/platform';
import type { Clock, CommitHalf, EventBatch, Metrics } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { attributeAll } from '../attribution/attribute.ts';
import { CATALOGUE } from '../catalogue.ts';
import type { ExplainableModel } from '../model-versions/explainable-model.ts';
import { ModelVersions } from '../model-versions/model-versions.ts';
import { ExplanationRecords } from '../records/explanation-records.ts';
import type { ExplainerTables } from '../records/tables.ts';

interface Explained {
  readonly event: EventEnvelope<ApplicationDecided>;
  readonly explanation: Explanation;
}

/** Decisions explained at once: attributions of several rows share their walk through the trees, and requests wait for no more than these. */
const rowsPerTurn = 16;

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
    const explanations = new Map<string, Explanation>();
    for (const [modelVersion, ofModel] of Map.groupBy(events, ({ data }) => data.modelVersion)) {
      const model = await this.model(modelVersion);
      for (let start = 0; start < ofModel.length; start += rowsPerTurn) {
        // Attribution is pure arithmetic: between turns, requests get theirs.
        if (start > 0) await setImmediate();
        const turn = ofModel.slice(start, start + rowsPerTurn);
        for (const [row, explanation] of this.explain(
          model,
          turn.map(({ data }) => data),
        ).entries()) {
          const event = turn[row];
          if (event !== undefined) explanations.set(event.id, explanation);
        }
      }
    }
    const explained = events.flatMap((event): Explained[] => {
      const explanation = explanations.get(event.id);
      return explanation === undefined ? [] : [{ event, explanation }];
    });

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

  private explain(model: ExplainableModel, decisions: readonly ApplicationDecided[]): readonly Explanation[] {
    const startedAt = performance.now();
    const reasons = attributeAll(this.catalogue, model, decisions);
    const secondsEach = (performance.now() - startedAt) / 1000 / decisions.length;
    const explainedAt = this.clock.now().toISOString();
    return decisions.flatMap((decided, row) => {
      const ofRow = reasons[row];
      if (ofRow === undefined) return [];
      this.duration.observe(secondsEach);
      const { applicationId, modelName, modelVersion, policyName, policyVersion, probabilityOfDefault, ruleHits } = decided;
      return [{ applicationId, explainedAt, modelName, modelVersion, policyName, policyVersion, probabilityOfDefault, ruleHits, ...ofRow }];
    });
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
