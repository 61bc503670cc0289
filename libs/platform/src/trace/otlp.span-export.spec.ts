import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { openOtlpSpanExport } from './otlp.span-export.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

interface ReceivedSpan {
  readonly traceId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number };
}

describe('spans by OTLP', () => {
  let collector: Server;
  const received: { path: string; body: string }[] = [];
  beforeAll(async () => {
    collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
  });
  afterAll(() => collector.close());
  const endpoint = (): string => `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
  const record = (spans: ReturnType<typeof openOtlpSpanExport>, name: string, of: unknown, isError = false): void =>
    spans.record({ name, kind: 'server', traceparent: of, durationMs: 12.5, isError, attributes: { 'http.route': '/v1/things' } });

  it('reach a collector under the trace and the span that they came with, of what was sampled', async () => {
    const spans = openOtlpSpanExport(endpoint(), 'lisible.scoring');
    record(spans, 'POST /v1/things', traceparent);
    record(spans, 'failed', traceparent, true);
    record(spans, 'not sampled', traceparent.replace(/01$/, '00'));
    record(spans, 'no trace', 'rubbish');
    await spans.close();
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
    const { resourceSpans } = JSON.parse(received[0]!.body);
    expect(JSON.stringify(resourceSpans[0].resource.attributes)).toContain('lisible.scoring');
    const sent: ReceivedSpan[] = resourceSpans[0].scopeSpans[0].spans;
    expect(sent.map(({ name, traceId, parentSpanId }) => [name, traceId, parentSpanId])).toEqual(
      ['POST /v1/things', 'failed'].map((name) => [name, traceparent.slice(3, 35), traceparent.slice(36, 52)]),
    );
    expect(sent.map(({ status }) => status.code ?? 0)).toEqual([0, 2]);
    expect(Number(BigInt(sent[0]!.endTimeUnixNano) - BigInt(sent[0]!.startTimeUnixNano)) / 1e6).toBeCloseTo(12.5, 1);
  });

  it('are lost, and nothing else, where no collector answers', async () => {
    const spans = openOtlpSpanExport('http://127.0.0.1:1', 'lisible.scoring');
    record(spans, 'POST /v1/things', traceparent);
    await expect(spans.close()).resolves.toBeUndefined();
  }, 15_000);
});
