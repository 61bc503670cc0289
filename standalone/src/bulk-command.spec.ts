import { getLender } from '@lisible/trainer';
import type { ServedChampion } from '@lisible/trainer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteLackingTables, showLongProgress } from './bulk-command.ts';

describe('a command that scores a folder', () => {
  it('says at once which tables of its model the folder lacks, and nothing where it has them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lisible-bulk-'));
    const champion = {
      manifest: { featureNames: ['bureauCreditsCount', 'cardMaxDaysPastDue'] },
      lender: getLender('home-credit'),
    } as unknown as ServedChampion;
    const written: string[] = [];
    const note = (): Promise<void> =>
      noteLackingTables(showLongProgress('Scoring', { write: (text: string) => written.push(text) }), champion, folder);
    await writeFile(join(folder, 'bureau.csv'), '');
    await note();
    expect(written).toEqual([
      `Scoring: the model learnt from credit_card_balance, which is not in ${folder}: what it would tell is missing for every client\n`,
    ]);
    await writeFile(join(folder, 'credit_card_balance.csv'), '');
    await note();
    expect(written).toHaveLength(1);
    await rm(folder, { recursive: true });
  });
});
