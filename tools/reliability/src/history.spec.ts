import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecorder, readHistory } from './history.ts';

describe('a history', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lisible-history-'));
    file = join(folder, 'history.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read back as it was recorded, by whom and in that order', async () => {
    const recorder = createRecorder(file, 'faults');
    recorder.record({ kind: 'fault', fault: 'kill', target: 'scoring-0', pid: 12 });
    recorder.as('last-look').record({ kind: 'end' });
    const entries = await readHistory(file);
    expect(entries).toEqual([
      { at: expect.any(Number), process: 'faults', kind: 'fault', fault: 'kill', target: 'scoring-0', pid: 12 },
      { at: expect.any(Number), process: 'last-look', kind: 'end' },
    ]);
    expect(entries[1]!.at).toBeGreaterThanOrEqual(entries[0]!.at);
  });

  it('is refused where a line is no entry, or cut short, and says which', async () => {
    createRecorder(file, 'faults').record({ kind: 'end' });
    appendFileSync(file, '{"at":1,"process":"faults","kind":"fa');
    await expect(readHistory(file)).rejects.toThrow(/^line 2 of /);
    await expect(readHistory(join(folder, 'none'))).rejects.toThrow('there is no history');
  });
});
