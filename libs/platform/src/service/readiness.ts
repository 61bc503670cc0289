import type { Readiness } from '@lisible/contracts';

/** Whether the service can answer, asked by `/health/ready`. */
export interface ReadinessReport {
  readonly isReady: boolean;
  /** What is there or what is being waited for, in words: `model 2026-…`, `no-model`. */
  readonly detail: string;
  /** What the gateway shows instead of the plain report. */
  readonly view?: Readiness;
}

export interface ReadinessProbe {
  check(): Promise<ReadinessReport>;
}
