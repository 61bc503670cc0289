import { languages } from '@lisible/contracts';
import { openFolderArtefacts } from '@lisible/platform';
import { EvidenceError, ReportFolderError, writeReport } from '@lisible/trainer';
import type { ReportOrder } from '@lisible/trainer';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from './one-sentence.ts';
import { StartError, fromWhereThePersonStands, readSettings } from './settings.ts';

const usage = `npm run --silent report -- --out DIR [--model VERSION] [--language ${languages.join('|')}]`;

const readOrder = (): ReportOrder => {
  let values: { readonly out?: string | undefined; readonly model?: string | undefined; readonly language?: string | undefined };
  try {
    ({ values } = parseArgs({ options: { out: { type: 'string' }, model: { type: 'string' }, language: { type: 'string' } } }));
  } catch {
    values = {};
  }
  const { out = '', model = '', language: wanted = 'fr' } = values;
  const language = languages.find((known) => known === wanted);
  if (out === '' || language === undefined) throw new StartError(`Say where the report goes: ${usage}`);
  return { outDir: fromWhereThePersonStands(out), modelVersion: model === '' ? null : model, language };
};

/** `npm run --silent report -- --out DIR`: a model's evidence as one page and its numbers as JSON, beside a running platform or at rest. */
runCommand(async () => {
  const { home } = readSettings();
  const order = readOrder();
  const folder = join(home, 'artefacts');
  if (!existsSync(folder))
    throw new StartError(`There is no model in force in ${home}: train one first (npm start, or npm run train -- --data DIR).`);
  try {
    const { modelVersion } = await writeReport(await openFolderArtefacts(folder), order);
    process.stdout.write(`The evidence of model ${modelVersion} is in ${join(order.outDir, 'index.html')}\n`);
  } catch (error) {
    if (error instanceof EvidenceError || error instanceof ReportFolderError) throw new StartError(error.message);
    throw error;
  }
});
