import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { FileFormat, TableSelection } from './chunk.ts';
import { generatePopulation, type GeneratedPopulation, type PopulationRequest } from './generate-population.ts';
import { showProgress } from './show-progress.ts';

const usage = 'npm run generate -- --clients N --out DIR [--unlabelled M] [--seed S] [--tables all|application] [--format csv|csv.gz] [--workers W]';

/** Applications without an outcome for each with one, in the public data set (48,744 to 307,511). */
const unlabelledPerLabelled = 48_744 / 307_511;

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new Error(`--${name} must be a whole number`);
  return value;
};

const tableSelection = (text: string): TableSelection => {
  if (text !== 'all' && text !== 'application') throw new Error('--tables must be all or application');
  return text;
};

const fileFormat = (text: string): FileFormat => {
  if (text !== 'csv' && text !== 'csv.gz') throw new Error('--format must be csv or csv.gz');
  return text;
};

/** Aborts at the first Ctrl C or request to end, so that the files of the run are removed; a second one ends at once. */
const abortOnSignals = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new Error('Interrupted: nothing was left in the folder.')));
  }
  return controller.signal;
};

/** @throws Error that says in one sentence which argument cannot be */
const readRequest = (): PopulationRequest => {
  const { values } = parseArgs({
    options: {
      clients: { type: 'string' },
      unlabelled: { type: 'string' },
      out: { type: 'string' },
      seed: { type: 'string', default: '42' },
      tables: { type: 'string', default: 'all' },
      format: { type: 'string', default: 'csv' },
      workers: { type: 'string' },
    },
  });
  if (values.clients === undefined || values.out === undefined) throw new Error('--clients and --out are needed');
  const labelled = wholeNumber('clients', values.clients);
  return {
    seed: wholeNumber('seed', values.seed),
    labelled,
    unlabelled: values.unlabelled === undefined ? Math.round(labelled * unlabelledPerLabelled) : wholeNumber('unlabelled', values.unlabelled),
    // npm runs scripts in the project's root; a folder is meant from where the person stands.
    outDir: resolve(process.env['INIT_CWD'] ?? '.', values.out),
    tables: tableSelection(values.tables),
    format: fileFormat(values.format),
    ...(values.workers === undefined ? {} : { workers: wholeNumber('workers', values.workers) }),
  };
};

const printPopulation = (population: GeneratedPopulation): void => {
  const ceiling = population.rocAucCeiling === null ? 'unknown' : population.rocAucCeiling.toFixed(4);
  console.log(
    `${population.labelled} labelled clients, ${(population.defaultRate * 100).toFixed(2)} % defaulted, ROC AUC of the true probabilities ${ceiling}`,
  );
  console.log(`${population.unlabelled} unlabelled clients`);
  const rows = Object.values(population.rows);
  for (const [index, file] of population.files.entries()) console.log(`${file} (${rows[index] ?? 0} rows)`);
  console.log(`${rows.reduce((sum, count) => sum + count, 0)} rows, ${(population.bytes / 1e6).toFixed(1)} MB`);
};

const fail = (error: unknown): void => {
  console.error(error instanceof Error ? error.message : 'generation failed');
  process.exitCode = 1;
};

const main = async (): Promise<void> => {
  let request: PopulationRequest;
  try {
    request = readRequest();
  } catch (error) {
    fail(error);
    console.error(usage);
    return;
  }
  const progress = showProgress(process.stderr);
  try {
    printPopulation(await generatePopulation({ ...request, onProgress: progress.report, signal: abortOnSignals() }));
  } catch (error) {
    fail(error);
  } finally {
    progress.end();
  }
};

await main();
