import { metricNames } from '@lisible/contracts';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EventMetrics } from '../events/participant.ts';

/** One service's metrics: its own registry, since five services may share a process. Names come from contracts' `metricNames`. */
export class Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly events: EventMetrics;

  constructor(service: string) {
    this.registry = new Registry();
    this.registry.setDefaultLabels({ service });
    this.requests = this.histogram(metricNames.httpRequestDurationSeconds, 'Duration of HTTP requests', ['method', 'route', 'status']);
    this.events = {
      handled: this.counter(metricNames.eventsHandledTotal, 'Events handled', ['topic', 'outcome']),
      deadLetters: this.counter(metricNames.deadLettersTotal, 'Events put aside', ['topic', 'reason']),
      lag: this.gauge(metricNames.eventLagEvents, 'Events that wait to be handled', ['topic']),
      published: this.counter(metricNames.eventsPublishedTotal, 'Events that the relay published', ['topic']),
      unpublished: this.gauge(metricNames.outboxUnpublishedEvents, 'Committed events that wait to be published'),
      replaced: this.counter(metricNames.consumersReplacedTotal, 'Consumers replaced because they did not move while events waited', ['topic']),
      stopped: this.gauge(metricNames.consumersStopped, 'Consumers that stopped for good and need a person', ['topic']),
    };
  }

  counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** Buckets in seconds, from 1 ms to 10 s unless told. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets: readonly number[] = durationBuckets,
  ): Histogram<L> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [this.registry] });
  }
}

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
