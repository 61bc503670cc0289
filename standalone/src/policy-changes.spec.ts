import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPolicyOrder } from './policy-changes.ts';

describe('what is asked of npm run policy', () => {
  it('is to show, to try or to adopt', () => {
    expect(readPolicyOrder(['show', '--json'])).toMatchObject({ command: 'show', isJson: true, reason: null });
    expect(readPolicyOrder(['try', '--false-negative', '8', '--review-capacity', '0.1'])).toMatchObject({
      command: 'try',
      isConfirmed: false,
      changes: { falseNegative: 8, falsePositive: null, reviewCapacity: 0.1, parts: {}, isWithoutAmounts: false },
    });
    expect(readPolicyOrder(['adopt', '--without-amounts', '--reason', ' Spring. ', '--yes'])).toMatchObject({
      command: 'adopt',
      isConfirmed: true,
      reason: 'Spring.',
      changes: { isWithoutAmounts: true },
    });
  });

  it.each([
    [[], /Say what to do/],
    [['delete'], /Say what to do/],
    [['show', 'try'], /Say what to do/],
    [['show', '--false-negative', '8'], /changes nothing/],
    [['try'], /Say what to change/],
    [['try', '--false-negative', 'many'], /--false-negative takes a number/],
    [['try', '--false-negative', ''], /--false-negative takes a number/],
    [['try', '--fals-negative', '8'], /fals-negative/],
    [['adopt', '--false-negative', '8'], /Say why/],
    [['adopt', '--false-negative', '8', '--reason', '  '], /Say why/],
    [['try', '--policy', '/nowhere/policy.json'], /cannot be read/],
  ])('else is told how it is said: %j', (args, message) => {
    expect(() => readPolicyOrder(args)).toThrow(expect.objectContaining({ name: 'StartError', message: expect.stringMatching(message) }));
  });

  it('may stand in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lisible-policy-'));
    const file = join(folder, 'policy.json');
    await writeFile(file, '{"rules":[]}');
    expect(readPolicyOrder(['try', '--policy', file]).changes.parts).toEqual({ rules: [] });
    await writeFile(file, '{"rules":');
    expect(() => readPolicyOrder(['try', '--policy', file])).toThrow(/cannot be read/);
    await rm(folder, { recursive: true });
  });
});
