import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figure, FigureResult } from './figure.ts';
import { describeMachine } from './figure.ts';
import { figures } from './registry.ts';
import { renderFigures } from './render-figures.ts';

const usage = `npm run bench -- list                       every figure with its target
npm run bench -- NAME [--short] [--json] [--record]   measure one
npm run bench -- document                   write docs/figures.md from recorded runs`;

const resultsFolder = fileURLToPath(new URL('../results/', import.meta.url));
const figuresPage = fileURLToPath(new URL('../../docs/figures.md', import.meta.url));

function readRecorded(): ReadonlyMap<string, FigureResult> {
  const recorded = new Map<string, FigureResult>();
  for (const figure of figures) {
    const file = `${resultsFolder}${figure.name}.json`;
    if (existsSync(file)) recorded.set(figure.name, JSON.parse(readFileSync(file, 'utf8')));
  }
  return recorded;
}

async function measure(figure: Figure, isShort: boolean): Promise<FigureResult> {
  const machine = describeMachine();
  const { details = {}, ...measurement } = await figure.measure({ isShort, log: (line) => console.error(line) });
  return {
    name: figure.name,
    value: measurement.value,
    unit: figure.unit,
    target: figure.target,
    isMet: measurement.isMet,
    rival: measurement.rival,
    machine,
    command: `npm run --silent bench -- ${figure.name}${isShort ? ' --short' : ''} --json`,
    samples: measurement.samples,
    details,
    measuredAt: new Date().toISOString(),
  };
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, record: { type: 'boolean', default: false } },
});
const [name] = positionals;
const figure = figures.find((candidate) => candidate.name === name);

if (name === 'list') {
  for (const { name: figureName, target, title } of figures) console.log(`${figureName.padEnd(20)} ${target}  — ${title}`);
} else if (name === 'document') {
  writeFileSync(figuresPage, renderFigures(figures, readRecorded()));
} else if (figure === undefined) {
  console.error(name === undefined ? usage : `No figure is called "${name}".\n${usage}`);
  process.exitCode = 2;
} else {
  const result = await measure(figure, values.short);
  if (values.record) {
    mkdirSync(resultsFolder, { recursive: true });
    writeFileSync(`${resultsFolder}${figure.name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  }
  if (values.json) console.log(JSON.stringify(result));
  else
    console.log(
      `${result.name}: ${result.value} ${result.unit} (target: ${result.target}) — ${result.isMet ? 'met' : 'NOT met'}${result.rival === null ? '' : `; ${result.rival.name}: ${result.rival.value}`}`,
    );
}
