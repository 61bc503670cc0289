import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generatePopulation } from './generate-population.ts';

const usage = 'npm run generate -- --clients N --out DIR [--unlabelled M] [--seed S]';

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new Error(`--${name} must be a whole number`);
  return value;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      clients: { type: 'string' },
      unlabelled: { type: 'string' },
      out: { type: 'string' },
      seed: { type: 'string', default: '42' },
    },
  });
  if (values.clients === undefined || values.out === undefined) throw new Error('--clients and --out are needed');
  const labelled = wholeNumber('clients', values.clients);
  const population = await generatePopulation({
    seed: wholeNumber('seed', values.seed),
    labelled,
    // One new application for twenty past loans, unless asked otherwise.
    unlabelled: values.unlabelled === undefined ? Math.ceil(labelled / 20) : wholeNumber('unlabelled', values.unlabelled),
    // npm runs scripts in the project's root; a folder is meant from where the person stands.
    outDir: resolve(process.env['INIT_CWD'] ?? '.', values.out),
  });
  const ceiling = population.rocAucCeiling === null ? 'unknown' : population.rocAucCeiling.toFixed(4);
  console.log(
    `${population.labelled} labelled clients, ${(population.defaultRate * 100).toFixed(2)} % defaulted, ROC AUC of the true probabilities ${ceiling}`,
  );
  console.log(`${population.unlabelled} unlabelled clients`);
  for (const file of population.files) console.log(file);
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : 'generation failed');
  console.error(usage);
  process.exitCode = 1;
});
