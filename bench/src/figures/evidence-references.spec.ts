import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareWithReferences, evidenceReferencesSchema } from './evidence-references.ts';

const golden = evidenceReferencesSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../libs/credit/golden/evidence.golden.json'), 'utf8')),
);

describe('evidence, against the committed references', () => {
  it.each(compareWithReferences(golden).map((row) => [row.name, row] as const))('%s', (_, { bound, difference }) => {
    expect(difference).toBeLessThanOrEqual(bound);
  });

  it('a number that differs is seen', () => {
    const [labels] = [golden.data.labels.map((label, row) => (row === 0 ? 1 - label : label))];
    const moved = compareWithReferences({ ...golden, data: { ...golden.data, labels } });
    expect(moved.filter(({ bound, difference }) => difference > bound).length).toBeGreaterThan(40);
  });

  it('a reference that nobody computes is seen', () => {
    const references = { ...golden.references, unheardOf: { value: 1, source: '', bound: 1e-9 } };
    expect(compareWithReferences({ ...golden, references }).find(({ name }) => name === 'unheardOf')?.difference).toBe(Infinity);
  });
});
