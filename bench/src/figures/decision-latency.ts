import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationViewSchema } from '@lisible/contracts';
import { readUnlabelled, startPlatform, waitUntilReady } from '@lisible/runner';
import type { Figure } from '../figure.ts';
import { quantile } from '../figure.ts';

const limitMs = 60;

/** Waits until every application that the first start submitted has its explanation, so that only ours are measured. */
async function waitUntilQuiet(url: string, token: string, applicationId: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/v1/applications/${applicationId}`, { headers: { authorization: `Bearer ${token}` } });
    if (response.ok && applicationViewSchema.parse(await response.json()).status === 'explained') return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export const decisionLatency: Figure = {
  name: 'decision-latency',
  title: '`POST` to explained, recorded decision through the gateway, one at a time',
  unit: 'ms (p99)',
  target: `p99 under ${limitMs} ms`,

  async measure({ isShort, log }) {
    const home = mkdtempSync(join(tmpdir(), 'lisible-latency-'));
    const platform = await startPlatform({ home, environment: { SYNTHETIC_CLIENTS: isShort ? '3000' : '10000' } });
    try {
      log('training on a synthetic population…');
      await waitUntilReady(platform, 600);
      const token = await platform.token('loan-system');
      const templates = readUnlabelled(home);
      const last = templates.at(-1);
      if (last === undefined) throw new Error('the snapshot has no unlabelled application');
      await waitUntilQuiet(platform.url, token, last.applicationId);

      const warmUp = 50;
      const count = isShort ? 300 : 2000;
      const samples: number[] = [];
      for (let index = 0; index < warmUp + count; index += 1) {
        const template = templates[index % templates.length] ?? last;
        // Distinct rows: the same client's features would repeat from a cache.
        const creditAmount = Number(template['creditAmount']) + index;
        const body = JSON.stringify({ ...template, applicationId: `bench-${index}`, clientId: `bench-${index}`, creditAmount });
        const start = performance.now();
        const response = await fetch(`${platform.url}/v1/applications`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=10' },
          body,
        });
        const view = applicationViewSchema.parse(await response.json());
        const elapsedMs = performance.now() - start;
        if (view.status !== 'explained' || view.decision === null || view.explanation === null)
          throw new Error(`application bench-${index} was not explained in time (${response.status})`);
        if (index >= warmUp) samples.push(elapsedMs);
      }
      const p99 = quantile(samples, 0.99);
      return {
        value: p99,
        samples: [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1].map((share) => quantile(samples, share)),
        rival: { name: 'limit', value: limitMs },
        isMet: p99 < limitMs,
        details: {
          decisions: count,
          'p50 ms': quantile(samples, 0.5),
          'p95 ms': quantile(samples, 0.95),
          samples: 'min, p25, p50, p75, p90, p95, p99, max',
        },
      };
    } finally {
      await platform.stop();
      rmSync(home, { recursive: true, force: true });
    }
  },
};
