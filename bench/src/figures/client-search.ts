import { clientPageSchema } from '@lisible/contracts';
import { createRandom } from '@lisible/credit';
import type { Figure } from '../figure.ts';
import { quantile } from '../figure.ts';
import { startLargePopulation } from '../large-population.ts';

const rows = 350_000;
const limitMs = 50;

export const clientSearch: Figure = {
  name: 'client-search',
  title: 'clients found among 350,000 through the gateway: by identifier, name, filters, any order, page after page',
  unit: 'ms (p99)',
  target: `p99 under ${limitMs} ms`,

  async measure({ isShort, log }) {
    const population = await startLargePopulation(rows, log);
    try {
      const { platform, token } = population;
      const random = createRandom(6);
      const below = (end: number): number => Math.floor(random.uniform() * end);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const search = async (body: object): Promise<{ readonly elapsedMs: number; readonly cursor: string | null }> => {
        const startedAt = performance.now();
        const response = await fetch(`${platform.url}/v1/clients/search`, { method: 'POST', headers, body: JSON.stringify(body) });
        const answer: unknown = await response.json();
        const elapsedMs = performance.now() - startedAt;
        if (!response.ok) throw new Error(`a search was not answered: ${JSON.stringify(answer)}`);
        return { elapsedMs, cursor: clientPageSchema.parse(answer).nextCursor ?? null };
      };
      const orders = ['-submittedAt', 'submittedAt', '-creditAmount', 'incomeAmount', '-externalScore2', 'childrenCount', 'ownsCar', 'birthDate'];
      const searches: Readonly<Record<string, () => object>> = {
        identifier: () => ({ search: String(100_000 + below(rows)) }),
        'start of an identifier': () => ({ search: String(100 + below(350)) }),
        name: () => ({ search: `roux${below(9973)}` }),
        'half a name': () => ({ search: ['hel', 'ROUX9', 'inès', 'mar'][below(4)] }),
        filters: () => ({
          filters: [
            { field: 'creditAmount', from: 5000 + 1000 * below(10), to: 50_000 },
            { field: 'externalScore2', from: 0.2, to: 0.5 + below(5) / 10 },
            { field: 'ownsCar', isOneOf: [below(2) === 0] },
          ],
        }),
        'a late page': () => ({ page: 1 + below(7000) }),
      };
      const taken: Record<string, number[]> = Object.fromEntries([...Object.keys(searches), 'next page'].map((name) => [name, []]));
      const repetitions = isShort ? 40 : 200;
      for (let repetition = -10; repetition < repetitions; repetition += 1) {
        for (const [name, draw] of Object.entries(searches)) {
          const body = { sort: orders[below(orders.length)], pageSize: 50, ...draw() };
          const { elapsedMs, cursor } = await search(body);
          const next = cursor === null ? null : await search({ ...body, page: 1, cursor });
          if (repetition < 0) continue;
          taken[name]?.push(elapsedMs);
          if (next !== null) taken['next page']?.push(next.elapsedMs);
        }
      }
      const all = Object.values(taken).flat();
      const p99 = quantile(all, 0.99);
      return {
        value: p99,
        samples: [0, 0.5, 0.9, 0.95, 0.99, 1].map((share) => quantile(all, share)),
        rival: { name: 'limit', value: limitMs },
        isMet: p99 < limitMs,
        details: {
          clients: rows,
          searches: all.length,
          ...Object.fromEntries(Object.entries(taken).map(([name, samples]) => [`${name}, p99 ms`, quantile(samples, 0.99)])),
          samples: 'min, p50, p90, p95, p99, max',
        },
      };
    } finally {
      await population.close();
    }
  },
};
