import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** WCAG 2.2 A and AA rules and the best practices of axe-core, on the page as it is; what it found, a sentence a rule. */
export async function findAccessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async (runOnly): Promise<readonly AxeViolation[]> => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: readonly AxeViolation[] }> } };
    const { violations: found } = await axe.run({ runOnly, resultTypes: ['violations'] });
    return found.map(({ id, impact, nodes }) => ({ id, impact, nodes }));
  }, rules);
  return violations.map(
    ({ id, impact, nodes }) =>
      `${id} (${impact}): ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} — ${failureSummary}`).join(' | ')}`,
  );
}
