import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileWhole } from './write-file-whole.ts';

describe('write-file-whole', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-whole-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('shows nothing of the new content before all of it is there', async () => {
    const path = join(folder, 'scores.csv');
    await writeFile(path, 'earlier');
    await writeFileWhole(path, async (write) => {
      await write('a,');
      await write('é\n');
      expect(await readFile(path, 'utf8')).toBe('earlier');
    });
    expect(await readFile(path, 'utf8')).toBe('a,é\n');
    expect(await readdir(folder)).toEqual(['scores.csv']);
  });

  it('leaves what stood there, and nothing else, when the work fails', async () => {
    const path = join(folder, 'scores.csv');
    await writeFile(path, 'earlier');
    const failure = new Error('row 7');
    await expect(
      writeFileWhole(path, async (write) => {
        await write('half');
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await readFile(path, 'utf8')).toBe('earlier');
    expect(await readdir(folder)).toEqual(['scores.csv']);
  });

  it('says in one sentence that a file cannot be written, before any work', async () => {
    let hasWorked = false;
    const attempt = writeFileWhole(join(folder, 'absent', 'scores.csv'), async () => {
      hasWorked = true;
    });
    await expect(attempt).rejects.toMatchObject({ name: 'OutputFileError', message: expect.stringContaining('(ENOENT)') });
    expect(hasWorked).toBe(false);
  });
});
