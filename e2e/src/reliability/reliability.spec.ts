/** The brief forms of the reliability figures, one after the other on one platform of separate processes over real parts. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listMissingPrograms } from '@lisible/infra';
import {
  crash,
  crashPointsScenario,
  duplicates,
  listMissingForStranger,
  openSession,
  poison,
  rebalance,
  stall,
  stream,
  zombie,
} from '@lisible/reliability';
import type { Scenario, Session } from '@lisible/reliability';
import { noteRealPart } from '@lisible/runner';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const missing = process.platform === 'linux' ? [...listMissingPrograms(process.env), ...listMissingForStranger()] : ['Linux'];
const isSkipped = missing.length > 0 && process.env['CI'] !== 'true';
if (isSkipped) console.warn(`THE RELIABILITY SUITE DID NOT RUN: this machine lacks ${missing.join(', ')} (Debian packages in parentheses).`);
const whereInstalled = isSkipped ? describe.skip : describe;

const seed = 20_261_126;
const longestMs = 300_000;

whereInstalled('five services over Kafka, PostgreSQL and Redis', () => {
  let folder: string;
  let session: Session;
  let isAllRight = true;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lisible-reliability-'));
    chmodSync(folder, 0o755);
    session = await openSession({ folder, replicas: { gateway: 2, scoring: 2, explainer: 2 }, log: (line) => console.info(line) });
    for (const part of session.parts) noteRealPart(part);
    noteRealPart('confluent-kafka (Python) as the loan system');
  }, longestMs);

  afterAll(async () => {
    await session?.close();
    if (isAllRight) rmSync(folder, { recursive: true, force: true });
    else console.warn(`Histories and logs are kept in ${folder}`);
  }, longestMs);

  // From the mildest to the worst, so that the first red line says most.
  const scenarios: readonly (readonly [string, Scenario, boolean])[] = [
    // A machine that runs the tests is not quiet: what is judged there is that nothing is lost, not how fast it is.
    ['a stream', stream, false],
    ['duplicates', duplicates, true],
    ['poison', poison, false],
    ['a consumer that stalls', stall, true],
    ['zombies', zombie, true],
    ['a rebalance storm', rebalance, true],
    ['deaths at named points', crashPointsScenario, true],
    ['kills at random', crash, true],
  ];
  it.each(scenarios)(
    'loses nothing and decides nothing twice under %s',
    async (_, scenario, isMeasured) => {
      isAllRight = false;
      const { outcomes, isWithin, details } = await scenario.act(session, 'brief', [seed]);
      console.info(scenario.name, details);
      for (const { verdict } of outcomes) expect(verdict.violations.slice(0, 20)).toEqual([]);
      if (isMeasured) expect({ isWithin, details }).toEqual({ isWithin: true, details });
      isAllRight = true;
    },
    longestMs,
  );
});
