/** The one file that knows OpenTelemetry; loaded only where spans are wanted. */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SpanExport } from './span-export.ts';
import { findTraceId } from './trace-context.ts';

const flushPatienceMs = 5_000;
const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER } as const;

/**
 * Spans by OTLP over HTTP, in batches, in the background: a collector that is slow or away costs spans, never a request. Whether a trace
 * is recorded at all is the word of whoever began it (the flag `sampled`).
 * @param endpoint base address of the collector, as `OTEL_EXPORTER_OTLP_ENDPOINT` has it: `/v1/traces` is put behind it
 */
export const openOtlpSpanExport = (endpoint: string, service: string): SpanExport => {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: flushPatienceMs });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'lisible' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('lisible');
  return {
    record: ({ name, kind, traceparent, durationMs, isError, attributes }) => {
      const traceId = findTraceId(traceparent);
      if (traceId === null || typeof traceparent !== 'string') return;
      const [, , spanId = '', flags = '00'] = traceparent.split('-');
      const cause = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true });
      const endedAt = Date.now();
      const span = tracer.startSpan(name, { kind: kinds[kind], startTime: endedAt - durationMs, attributes: { ...attributes } }, cause);
      if (isError) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(endedAt);
    },
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, flushPatienceMs);
      await Promise.race([provider.shutdown().catch(() => undefined), promise]);
      clearTimeout(timer);
    },
  };
};
