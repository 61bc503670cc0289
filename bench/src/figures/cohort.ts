import { cohortComparisonSchema, cohortGridSchema } from '@lisible/contracts';
import type { CohortComparisonRequest } from '@lisible/contracts';
import { createRandom, homeCreditCatalogue } from '@lisible/credit';
import { openDuckDbTables } from '@lisible/platform';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import type { Figure } from '../figure.ts';
import { median, quantile } from '../figure.ts';
import { startLargePopulation } from '../large-population.ts';

const rows = 350_000;
const limitsMs = { one: 20, hundred: 150, known: 5 };
/** Of DuckDB's time for the same numbers. */
const shareOfDuckDb = 0.1;
const hundred = 100;

type Body = Pick<CohortComparisonRequest, 'features' | 'client'> & { readonly cohort: unknown };

interface Asked {
  readonly body: Body;
  readonly status: number;
  /** JSON, gzipped where it is a comparison. */
  readonly content: Uint8Array;
  readonly elapsedMs: number;
}

export const cohort: Figure = {
  name: 'cohort',
  title: 'comparison over 350,000 clients through the gateway, any group, cold: one feature; 100 features; an answer that is known',
  unit: 'ms (p99, one feature)',
  target: `p99 under ${limitsMs.one} ms for one feature, ${limitsMs.hundred} ms for ${hundred} (at most ${shareOfDuckDb} of DuckDB's time), ${limitsMs.known} ms once known`,

  async measure({ isShort, log }) {
    const population = await startLargePopulation(rows, log);
    const tables = await openDuckDbTables();
    try {
      const { platform, token } = population;
      setFlagsFromString('--expose-gc');
      const collectGarbage: () => void = runInNewContext('gc');
      const random = createRandom(28);
      const below = (end: number): number => Math.floor(random.uniform() * end);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'accept-encoding': 'gzip' };
      const grid = cohortGridSchema.parse(await (await fetch(`${platform.url}/v1/cohorts/grid`, { headers })).json());
      const withEdges = grid.fields.filter(({ edges, isProtected }) => (edges?.length ?? 0) > 4 && !isProtected);
      /** A range of a few cells of one field, or two. */
      const drawFilters = (count: number) =>
        Array.from({ length: count }, () => withEdges[below(withEdges.length)]).flatMap((field, index, all) => {
          if (field === undefined || all.indexOf(field) !== index) return [];
          const { edges } = field;
          const start = below((edges?.length ?? 0) - 3);
          return [{ field: field.field, from: edges?.[start] ?? null, to: edges?.[start + 2 + below(2)] ?? null }];
        });
      const drawCohort = (index: number): unknown => {
        if (index % 4 === 0) return { name: 'everybody' };
        if (index % 4 === 1) return { name: 'similar' };
        return { name: 'filters', filters: drawFilters(1 + (index % 2)) };
      };
      const names = [...population.fieldNames, ...population.featureNames];
      /** Milliseconds until the last byte is there; the bytes are read later, so that no collection of ours falls into what is timed. */
      const ask = async (body: Body): Promise<Asked> => {
        const sent = JSON.stringify(body);
        const startedAt = performance.now();
        const response = await request(`${platform.url}/v1/cohorts/comparison`, { method: 'POST', headers, body: sent });
        const content = await response.body.bytes();
        return { body, status: response.statusCode, content, elapsedMs: performance.now() - startedAt };
      };
      const compare = async (body: Body): Promise<Asked | null> => {
        const asked = await ask(body);
        // Refused for privacy: no comparison to measure.
        if (asked.status === 422) return null;
        if (asked.status !== 200) throw new Error(`a comparison was not answered: ${Buffer.from(asked.content).toString()}`);
        return asked;
      };
      /** Milliseconds of the same questions once more, whose answers must be the same. */
      const compareAgain = async (before: readonly Asked[]): Promise<readonly number[]> => {
        collectGarbage();
        const again: Asked[] = [];
        for (const { body } of before) again.push(await ask(body));
        for (const [index, { content }] of again.entries()) {
          if (Buffer.compare(content, before[index]?.content ?? new Uint8Array()) !== 0)
            throw new Error('the second answer to a question is not the first');
          cohortComparisonSchema.parse(JSON.parse(gunzipSync(content).toString()));
        }
        return again.map(({ elapsedMs }) => elapsedMs);
      };
      const clientAt = (index: number): CohortComparisonRequest['client'] => {
        const id = String(100_000 + ((index * 7919) % rows)).padStart(6, '0');
        return { clientId: id, applicationId: id };
      };
      const run = async (count: number, size: number, offset: number): Promise<readonly Asked[]> => {
        collectGarbage();
        const compared: Asked[] = [];
        for (let index = 0; compared.length < count; index += 1) {
          const first = below(names.length);
          const body = {
            cohort: drawCohort(index),
            features: Array.from({ length: size }, (_, place) => names[(first + place) % names.length] ?? ''),
            client: clientAt(offset + index),
          };
          const one = await compare(body);
          if (one !== null) compared.push(one);
        }
        return compared;
      };
      log('comparing…');
      await run(20, 1, 0);
      await run(4, hundred, 1000);
      const one = await run(isShort ? 200 : 1000, 1, 2000);
      const many = await run(isShort ? 40 : 200, hundred, 10_000);
      const known = await compareAgain(one);
      const knownLarge = await compareAgain(many);
      const oneMs = one.map(({ elapsedMs }) => elapsedMs);
      const manyMs = many.map(({ elapsedMs }) => elapsedMs);

      log('DuckDB beside it…');
      const numbers = population.fieldNames.filter((name) => homeCreditCatalogue.fields.find((field) => field.name === name)?.type === 'number');
      const compared = [...numbers, ...population.featureNames].slice(0, hundred);
      const columns = compared.map((name) => (population.featureNames.includes(name) ? `f."${name}"` : `a."${name}"`));
      await tables.query(
        `create table population as select ${columns.join(', ')}, defaulted
         from read_parquet('${population.applicationsPath}') a join read_parquet('${population.featuresPath}') f using ("applicationId")`,
      );
      const duckDbSeconds = async (some: readonly string[]): Promise<number> => {
        const startedAt = performance.now();
        const expressions = some.flatMap((name) => {
          const bins = `histogram("${name}", [${(grid.fields.find(({ field }) => field === name)?.edges ?? [0.5]).join(', ')}])`;
          return [
            `quantile_cont("${name}", [0.05, 0.25, 0.5, 0.75, 0.95])::varchar`,
            `${bins}::varchar`,
            `(${bins} filter (where defaulted = 1))::varchar`,
          ];
        });
        await tables.query(`select ${expressions.map((expression, index) => `${expression} as x${index}`).join(', ')} from population`);
        return performance.now() - startedAt;
      };
      const rivalMs: number[] = [];
      const everybodyMs: number[] = [];
      for (let repetition = 0; repetition < (isShort ? 3 : 7); repetition += 1) {
        rivalMs.push(await duckDbSeconds(compared));
        const everybody = await compare({ cohort: { name: 'everybody' }, features: compared, client: clientAt(50_000 + repetition) });
        everybodyMs.push(everybody?.elapsedMs ?? Number.NaN);
      }
      const scale = compared.length / hundred;
      const p99 = (samples: readonly number[]): number => quantile(samples, 0.99);
      const ratio = median(everybodyMs) / median(rivalMs);
      return {
        value: p99(oneMs),
        samples: [0, 0.5, 0.9, 0.95, 0.99, 1].map((share) => quantile(oneMs, share)),
        rival: { name: `DuckDB, ${compared.length} features of everybody, ms`, value: median(rivalMs) },
        isMet:
          p99(oneMs) < limitsMs.one &&
          p99(manyMs) < limitsMs.hundred &&
          p99(known) < limitsMs.known &&
          p99(knownLarge) < limitsMs.known &&
          ratio <= shareOfDuckDb,
        details: {
          clients: rows,
          columns: names.length,
          'one feature, p50 ms': median(oneMs),
          '100 features, p50 ms': median(manyMs),
          '100 features, p99 ms': p99(manyMs),
          'known, one feature, p99 ms': p99(known),
          'known, 100 features, p99 ms': p99(knownLarge),
          [`${compared.length} features of everybody, median ms`]: median(everybodyMs),
          'of DuckDB’s time': ratio,
          'features compared with DuckDB': scale * hundred,
          samples: 'min, p50, p90, p95, p99, max',
        },
      };
    } finally {
      await tables.close();
      await population.close();
    }
  },
};
