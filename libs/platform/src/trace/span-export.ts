/** A piece of work that is done, as tracing tools draw it. Attributes hold identifiers and names of the house, never a client's data. */
export interface FinishedSpan {
  readonly name: string;
  readonly kind: 'server' | 'consumer';
  /** The span that caused it (W3C Trace Context). */
  readonly traceparent: unknown;
  readonly durationMs: number;
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Where spans go, when somebody wants them. */
export interface SpanExport {
  /** Says that a piece of work ended now. Never throws, never waits. */
  record(span: FinishedSpan): void;
  /** Sends what is left, for five seconds at most. */
  close(): Promise<void>;
}
