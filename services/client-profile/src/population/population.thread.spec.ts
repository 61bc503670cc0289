import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeCreditCatalogue } from '@lisible/credit';
import { openDuckDbTables } from '@lisible/platform';
import { columnSpecsOf } from './column-specs.ts';
import type { PopulationSource } from './messages.ts';
import { PopulationThread, PopulationThreadError } from './population.thread.ts';

describe('the thread of the population', () => {
  let folder: string;
  const sourceAt = (applicationsPath: string, more: Partial<PopulationSource> = {}): PopulationSource => ({
    snapshotId: 's1',
    asOf: '2026-10-01T00:00:00.000Z',
    applicationsPath,
    featuresPath: null,
    model: null,
    columns: columnSpecsOf(homeCreditCatalogue),
    displayNameFields: [],
    privacyFloor: 20,
    maxBytes: 2 ** 30,
    ...more,
  });
  const path = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-population-'));
    const tables = await openDuckDbTables();
    await tables.query(`copy (
      select 'P-' || range as "applicationId", 'C-' || range as "clientId", '2024-05-01T00:00:00.000Z' as "submittedAt", 'EUR' as currency,
        range::double as "creditAmount", (range % 7)::double as "childrenCount", (range % 11 = 0)::integer as defaulted
      from range(150000)) to '${path('applications.parquet')}' (format parquet)`);
    await tables.query(`copy (select 'P-' || (range + 1) as "applicationId", 1.0::float as "annuityToIncome" from range(150000))
      to '${path('others.parquet')}' (format parquet)`);
    await tables.close();
    await writeFile(path('rubbish.parquet'), 'no parquet');
  }, 30_000);

  afterAll(() => rm(folder, { recursive: true }));

  it('loads a population and says what it takes', async () => {
    const thread = new PopulationThread();
    const loaded = await thread.ask('load', sourceAt(path('applications.parquet')));
    expect(loaded).toMatchObject({ numRows: 150_000, numColumns: 2 });
    // Amounts are as many as clients: four bytes a code, eight a value, and two of one byte a value for bin and cell. Texts and orders come to it.
    expect(loaded.bytes).toBeGreaterThan(150_000 * 14);
    expect(loaded.bytes).toBeLessThan(150_000 * 120);
    await thread.close();
    expect(thread.error).toBeInstanceOf(PopulationThreadError);
    await expect(thread.ask('grid', null)).rejects.toBeInstanceOf(PopulationThreadError);
  }, 30_000);

  it('can be ended at any moment of a load, and takes nothing down with it', async () => {
    for (const afterMs of [0, 150, 250, 350, 500, 800]) {
      const thread = new PopulationThread();
      const loading = Promise.allSettled([thread.ask('load', sourceAt(path('applications.parquet')))]);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await thread.close();
      // Either it had just become whole, or it failed in words; never silence.
      expect((await loading)[0].status).toMatch(/fulfilled|rejected/);
    }
  }, 60_000);

  it('fails at what it cannot read, at files that do not belong together, and at too many bytes, and can be asked again', async () => {
    const thread = new PopulationThread();
    const load = (source: PopulationSource): Promise<unknown> => thread.ask('load', source);
    await expect(load(sourceAt(path('rubbish.parquet')))).rejects.toBeInstanceOf(PopulationThreadError);
    await expect(load(sourceAt(path('absent.parquet')))).rejects.toBeInstanceOf(PopulationThreadError);
    await expect(load(sourceAt(path('applications.parquet'), { featuresPath: path('others.parquet') }))).rejects.toThrow(
      'the features of the snapshot are not those of its applications',
    );
    await expect(load(sourceAt(path('applications.parquet'), { maxBytes: 2 ** 20 }))).rejects.toThrow('more than 1 MiB');
    await expect(thread.ask('grid', null)).rejects.toThrow('not loaded');
    expect(await load(sourceAt(path('applications.parquet')))).toMatchObject({ numRows: 150_000 });
    await thread.close();
  }, 60_000);
});
