import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePopulation } from '@lisible/generator';
import { startPlatform, waitUntilReady } from '@lisible/runner';

/** A platform to walk through. */
export interface TouredPlatform {
  readonly url: string;
  close(): Promise<void>;
}

/** One that runs already is taken as it is. */
export const useRunning = (url: string): TouredPlatform => ({ url: url.replace(/\/$/u, ''), close: () => Promise.resolve() });

/** A platform of its own, on a small synthetic population whose clients have a past; the same on every start. */
export async function startOwn(log: (line: string) => void): Promise<TouredPlatform> {
  const work = mkdtempSync(join(tmpdir(), 'lisible-tour-'));
  const raw = join(work, 'raw');
  log('a synthetic population, and its first model…');
  await generatePopulation({ seed: 11, labelled: 3000, unlabelled: 60, outDir: raw, tables: 'all' });
  const platform = await startPlatform({ home: join(work, 'state'), environment: { DATA_DIR: raw, STUDIES: 'none' } });
  const close = async (): Promise<void> => {
    await platform.stop();
    rmSync(work, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(platform, 300);
    return { url: platform.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
