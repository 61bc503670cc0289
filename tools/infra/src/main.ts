import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bringUp, listMissingPrograms, readStatus, takeDown } from './infra.ts';
import type { PartStatus } from './parts.ts';
import { messageOf } from './parts.ts';
import { showSteps } from './show-steps.ts';

const usage = `npm run infra -- up [--json]                starts Kafka, PostgreSQL and Redis; prints the lines to export
npm run infra -- status [--json]            says of each part where it comes from and whether it is up; fails when one is down
npm run infra -- down [--with-data] [--json]  ends what up started`;

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

const table = (parts: readonly PartStatus[]): string =>
  parts
    .map(({ name, source, address, version, isUp, problem }) =>
      [name.padEnd(10), isUp ? 'up  ' : 'DOWN', (source ?? '–').padEnd(11), address ?? '–', isUp ? (version ?? '') : (problem ?? '')].join('  '),
    )
    .join('\n');

function readCommand(): { readonly command: 'up' | 'down' | 'status'; readonly isJson: boolean; readonly withData: boolean } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, 'with-data': { type: 'boolean', default: false } },
  });
  const [command, ...rest] = positionals;
  if ((command !== 'up' && command !== 'down' && command !== 'status') || rest.length > 0) throw new Error('one of up, down, status is needed');
  return { command, isJson: values.json, withData: values['with-data'] };
}

async function main(): Promise<number> {
  const { command, isJson, withData } = readCommand();
  const home = process.env['LISIBLE_HOME'];
  const folder = join(resolve(projectRoot, home === undefined || home === '' ? '.lisible' : home), 'infra');
  const steps = showSteps(process.stderr);
  const infra = { folder, environment: process.env, steps };
  try {
    if (command === 'down') {
      const ended = await takeDown(infra, { withData });
      console.log(isJson ? JSON.stringify({ ended }) : ended.length === 0 ? 'nothing of ours was up' : `ended: ${ended.join(', ')}`);
      return 0;
    }
    if (command === 'status') {
      const parts = await readStatus(infra);
      console.log(isJson ? JSON.stringify({ parts }) : table(parts));
      return parts.every(({ isUp }) => isUp) ? 0 : 1;
    }
    const { parts, connections } = await bringUp(infra);
    steps.close();
    // The table on the other stream, so that `export $(npm run --silent infra -- up)` reads the lines alone.
    if (!isJson) console.error(table(parts));
    console.log(
      isJson
        ? JSON.stringify({ parts, connections })
        : Object.entries(connections)
            .map((line) => line.join('='))
            .join('\n'),
    );
    const isWhole = parts.every(({ isUp }) => isUp);
    const missing = parts.some(({ source, isUp }) => source === 'local' && !isUp) ? listMissingPrograms(process.env) : [];
    if (missing.length > 0)
      console.error(
        `This machine lacks ${missing.join(', ')} (Debian packages in parentheses). Or start Docker, or name the parts in the environment.`,
      );
    return isWhole ? 0 : 1;
  } finally {
    steps.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(messageOf(error));
  console.error(usage);
  process.exitCode = 1;
}
