import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { getLender } from '@lisible/credit';
import type { HistoryTable } from '@lisible/credit';
import { openDuckDbTables } from '@lisible/platform';
import { engineerHistory } from '@lisible/standalone';

/** The rival has what the trainer gives itself. */
const limits = { threads: 2, memoryLimit: '2500MB' };
const lender = getLender('home-credit');

/**
 * The same result as somebody would write it by hand for this once: one statement a table, straight from the files, with the same
 * cells and rows set aside, and nothing told: no faults counted, no column named, no coverage, no key held against another.
 */
const raceByHand = async (dataDir: string, outDir: string): Promise<number> => {
  const { history } = lender.source;
  if (history === null) throw new Error('the lender has no history tables');
  const tables = await openDuckDbTables();
  for (const setting of [`threads = ${limits.threads}`, `memory_limit = '${limits.memoryLimit}'`, `temp_directory = '${join(outDir, 'spill')}'`])
    await tables.query(`set ${setting}`);
  const csv = (table: string): string => `read_csv('${join(dataDir, `${table}.csv`)}')`;
  await tables.query(
    `create table clients as select cast(SK_ID_CURR as varchar) as client from (select SK_ID_CURR from ${csv('application_train')} union all select SK_ID_CURR from ${csv('application_test')})`,
  );
  const startedAt = performance.now();
  const cleaned = new Map(history.tables.map((table) => [table.name, cleanedRows(table, csv(table.name))]));
  const names: string[] = [];
  for (const { sql } of history.queries) {
    names.push(`past${names.length}`);
    await tables.query(`create table past${names.length - 1} as ${sql((table) => cleaned.get(table) ?? table)}`);
  }
  const fields = lender.catalogue.historyFields.map(({ name }) => `cast("${name}" as float) as "${name}"`).join(', ');
  await tables.query(
    `copy (select client as "clientId", ${fields} from clients ${names.map((name) => `left join ${name} on ${name}."clientId" = client`).join(' ')}
     where ${names.map((name) => `${name}."clientId" is not null`).join(' or ')} order by client) to '${join(outDir, 'history.parquet')}' (format parquet, compression zstd)`,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await tables.close();
  return seconds;
};

const cleanedRows = ({ columns, checks }: HistoryTable, source: string): string => {
  const anyOf = (treatment: string, column?: string): string =>
    checks
      .filter((check) => check.treatment === treatment && (column === undefined || check.column === column))
      .map(({ condition }) => `(${condition})`)
      .join(' or ');
  const cells = columns.map(({ name }) => {
    const isBad = anyOf('blank', name);
    return isBad === '' ? name : `case when ${isBad} then null else ${name} end as ${name}`;
  });
  const isLeftOut = anyOf('leave-out');
  return `(select ${cells.join(', ')} from ${source}${isLeftOut === '' ? '' : ` where not coalesce(${isLeftOut}, false)`})`;
};

const [runner, dataDir = '', outDir = ''] = process.argv.slice(2);
mkdirSync(outDir, { recursive: true });
const seconds = runner === 'ours' ? (await engineerHistory(lender.name, dataDir, outDir)).seconds : await raceByHand(dataDir, outDir);
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ seconds, peakResidentBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }));
