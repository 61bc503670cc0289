import type { Scenario } from '@lisible/reliability';
import { openSession } from '@lisible/reliability';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.ts';

export interface ReliabilityClaim {
  readonly scenario: Scenario;
  readonly title: string;
  readonly unit: string;
  readonly target: string;
  readonly limit: { readonly name: string; readonly value: number };
  /** Of the full run; the short one takes the first. */
  readonly seeds: readonly number[];
}

/** A scenario of `@lisible/reliability` as a figure: met when its limits hold and the checker finds nothing in any history. */
export const reliabilityFigure = ({ scenario, title, unit, target, limit, seeds }: ReliabilityClaim): Figure => ({
  name: scenario.name,
  title,
  unit,
  target,
  async measure({ isShort, log }) {
    const folder = mkdtempSync(join(tmpdir(), `lisible-${scenario.name}-`));
    chmodSync(folder, 0o755);
    let isKept = false;
    const session = await openSession({ folder, replicas: scenario.replicas, log });
    try {
      const { outcomes, value, isWithin, details } = await scenario.act(session, isShort ? 'short' : 'full', isShort ? seeds.slice(0, 1) : seeds);
      for (const { verdict, historyFile } of outcomes) {
        if (verdict.isValid) continue;
        isKept = true;
        log(`${historyFile} holds ${verdict.violations.length} violations:`);
        for (const { kind, subject, detail } of verdict.violations.slice(0, 20)) log(`  ${kind} ${subject}: ${detail}`);
      }
      const isValid = outcomes.every(({ verdict }) => verdict.isValid);
      return { value, samples: [value], rival: limit, isMet: isWithin && isValid, details: { ...details, 'real parts': session.parts.join(', ') } };
    } catch (error) {
      isKept = true;
      log(`what was recorded until it failed is in ${folder}`);
      throw error;
    } finally {
      await session.close();
      if (!isKept) rmSync(folder, { recursive: true, force: true });
    }
  },
});
