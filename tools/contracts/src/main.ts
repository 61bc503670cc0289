import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { clientTypes, clientTypesFile } from './client-types.ts';
import { contractDocuments, listBreaks, openApiFile, projectRoot, readReleased, release, writeText } from './contract-files.ts';

const usage = `npm run contracts               writes docs/api: a JSON Schema for each event, AsyncAPI 3, OpenAPI 3.1, and the dashboard's types of it; fails when a released version would break
npm run contracts -- release    also writes the present schemas down as released, in libs/contracts/released`;

const openApiCommand = join(projectRoot, 'services/gateway/dist/openapi/write-openapi.js');

const main = async (words: readonly string[]): Promise<void> => {
  if (words.length > 1 || (words[0] !== undefined && words[0] !== 'release')) {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
    return;
  }
  if (words[0] === 'release') release();
  const breaks = listBreaks(readReleased());
  for (const [path, text] of contractDocuments()) writeText(join(projectRoot, path), text);
  const { status } = spawnSync(process.execPath, [openApiCommand, join(projectRoot, openApiFile)], { stdio: 'inherit' });
  if (status === 0) writeText(join(projectRoot, clientTypesFile), await clientTypes());
  else process.exitCode = 1;
  if (breaks.length === 0) return;
  process.stderr.write(`A released version would break:\n  ${breaks.join('\n  ')}\n`);
  process.exitCode = 1;
};

await main(process.argv.slice(2));
