import { describe, expect, it } from '@jest/globals';
import type { SourceFacts } from './choose-source.ts';
import { chooseSource } from './choose-source.ts';

const facts = (some: Partial<SourceFacts> = {}): SourceFacts => ({
  named: undefined,
  own: null,
  startedBy: null,
  hasEngine: () => Promise.resolve(false),
  ...some,
});
const engine = (): Promise<boolean> => Promise.resolve(true);
const noQuestion = (): Promise<boolean> => Promise.reject(new Error('nobody needs to know'));

describe('chooseSource', () => {
  it('takes what the environment names before anything else, and asks for no engine', async () => {
    await expect(chooseSource(facts({ named: 'broker:9092', hasEngine: noQuestion }))).resolves.toBe('environment');
    await expect(chooseSource(facts({ named: 'broker:9092', own: '127.0.0.1:20000', startedBy: 'local' }))).resolves.toBe('environment');
  });

  it('takes an empty variable for none', async () => {
    await expect(chooseSource(facts({ named: '' }))).resolves.toBe('local');
  });

  it('takes Docker Compose where an engine answers, else local packages', async () => {
    await expect(chooseSource(facts({ hasEngine: engine }))).resolves.toBe('compose');
    await expect(chooseSource(facts())).resolves.toBe('local');
  });

  it('stays with the way a part was started, although an engine answers meanwhile', async () => {
    await expect(chooseSource(facts({ own: '127.0.0.1:20000', startedBy: 'local', hasEngine: engine }))).resolves.toBe('local');
  });

  it('starts our own part again in a shell that still holds its exported line', async () => {
    const own = '127.0.0.1:20000';
    await expect(chooseSource(facts({ named: own, own, startedBy: 'local' }))).resolves.toBe('local');
    await expect(chooseSource(facts({ named: own, own, startedBy: null, hasEngine: engine }))).resolves.toBe('compose');
  });
});
