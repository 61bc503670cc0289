import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { homeCreditLender } from '@lisible/credit';
import { createFolder } from '../../testing/raw-tables.ts';
import { historyReadBy, listLackingTables } from './history-read-by.ts';
import type { ServedChampion } from './open-champion.ts';

/** A model that reads these features. */
const modelOf = (...featureNames: string[]) => ({ manifest: { featureNames }, lender: homeCreditLender }) as unknown as ServedChampion;

describe('the history tables of a model', () => {
  let folder: string;
  beforeEach(async () => (folder = await createFolder()));
  afterEach(() => rm(folder, { recursive: true }));

  const model = modelOf('creditAmount', 'bureauCreditsCount', 'bureauLateMonthsCount', 'cardMaxDaysPastDue');

  it('are those behind its features', () => {
    expect([...(historyReadBy(model).history?.tables ?? [])].toSorted()).toEqual(['bureau', 'bureau_balance', 'credit_card_balance']);
    expect(historyReadBy(modelOf('creditAmount'))).toEqual({});
  });

  it('are named where a folder lacks them, in whatever format it may hold them', async () => {
    expect(await listLackingTables(model, folder)).toEqual(['bureau', 'bureau_balance', 'credit_card_balance']);
    await writeFile(join(folder, 'bureau.csv.gz'), '');
    await writeFile(join(folder, 'POS_CASH_balance.csv'), '');
    expect(await listLackingTables(model, folder)).toEqual(['bureau_balance', 'credit_card_balance']);
    await writeFile(join(folder, 'bureau_balance.parquet'), '');
    await writeFile(join(folder, 'credit_card_balance.csv'), '');
    expect(await listLackingTables(model, folder)).toEqual([]);
    expect(await listLackingTables(modelOf('creditAmount'), folder)).toEqual([]);
  });

  it('are left to the reading where the folder itself is at fault', async () => {
    expect(await listLackingTables(model, join(folder, 'nowhere'))).toEqual([]);
    for (const name of ['bureau.csv', 'bureau.parquet']) await writeFile(join(folder, name), '');
    expect(await listLackingTables(model, folder)).toEqual([]);
  });
});
