import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One service's metrics: its own registry, since five services may share a process. Names come from contracts' `metricNames`. */
export class Metrics {
  readonly registry: Registry;

  constructor(service: string) {
    this.registry = new Registry();
    this.registry.setDefaultLabels({ service });
  }

  counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** Buckets in seconds for durations, from 1 ms to 10 s unless told. */
  histogram<L extends string = never>(name: string, help: string, labelNames: readonly L[] = [], buckets: readonly number[] = durationBuckets): Histogram<L> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [this.registry] });
  }
}

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
