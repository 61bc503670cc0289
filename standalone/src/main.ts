import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { checkPortIsFree } from './free-port.ts';
import { trainFirstModel } from './first-training.ts';
import { httpApplicationDoor, readUnlabelledApplications, submitApplications } from './initial-submissions.ts';
import { oneSentence } from './one-sentence.ts';
import { hasChampion, startPlatform } from './platform.ts';
import type { RunningPlatform } from './platform.ts';
import { showProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { findDoor, requestToken } from './script-credentials.ts';
import { StartError, originOf, readSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { waitUntilReadable } from './readable.ts';

/** `npm start`: the whole platform in one process, from nothing to readable dossiers. */
const main = async (): Promise<void> => {
  const startedAt = performance.now();
  const stopping = new AbortController();
  let stoppingSince = 0;
  const settings = readSettings();
  await checkPortIsFree(settings);
  say(`Starting Lisible at ${originOf(settings)} (state in ${settings.home}).`);
  const platform = await startPlatform(settings);
  const close = closeOnce(platform);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) {
        // Ctrl C arrives twice, from the terminal and handed on by npm; one that comes later means "now".
        if (performance.now() - stoppingSince > sameKeyPressMs) process.exit(1);
        return;
      }
      stoppingSince = performance.now();
      stopping.abort();
      say('Stopping.');
      void close().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
  void platform.ended.then(async (error) => {
    // A stop that is under way ends the process by itself.
    if (stopping.signal.aborted) return;
    stopping.abort();
    process.stderr.write(`${oneSentence(error)}\n`);
    await Promise.race([close().catch(() => undefined), setTimeout(endGraceMs)]);
    process.exit(1);
  });
  try {
    const isFirst = !(await hasChampion(platform.artefacts));
    if (isFirst) await trainFirstModel(platform, settings);
    else if (settings.dataDir !== null) say('A model is in force already; to train another on this folder: npm run train -- --data DIR');
    platform.announce('dossiers: loading');
    await waitUntilReadable(platform.origin, await tokenFor(settings, 'advisor'), stopping.signal);
    platform.announce(null);
    if (!isFirst && !(await isModelInService(platform)))
      say(
        `The model in force cannot be read, so new applications wait: put the files of ${join(settings.home, 'artefacts', 'models')} back, or train another with npm run train -- --data DIR.`,
      );
    say(readyText(platform.origin, (performance.now() - startedAt) / 1000));
    await submitInBackground(platform, settings, stopping.signal).catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      // Everything else works and is in use: new applications that cannot be handed over are no reason to take it away.
      say(
        `Not all new applications could be handed over (${error instanceof Error ? error.message : String(error)}): to try again, stop Lisible and start it again.`,
      );
    });
  } catch (error) {
    if (stopping.signal.aborted) return;
    process.stderr.write(`${oneSentence(error)}\n`);
    await close();
    process.exit(1);
  }
};

/** Scoring opens the model in force by itself; it serves none where the artefact is absent or damaged. */
const isModelInService = async (platform: RunningPlatform): Promise<boolean> => {
  const response = await fetch(`${platform.urlOf('scoring')}/model`, { headers: { authorization: `Bearer ${platform.internalToken}` } });
  await response.body?.cancel();
  return response.status !== 503;
};

const submitInBackground = async (platform: RunningPlatform, settings: Settings, signal: AbortSignal): Promise<void> => {
  const applications = await readUnlabelledApplications(platform.artefacts);
  if (applications.length === 0) return;
  const door = httpApplicationDoor(platform.origin, await tokenFor(settings, 'loan-system'));
  const shown: { progress?: Progress } = {};
  try {
    const { refused } = await submitApplications(
      applications,
      door,
      ({ submitted, total }) => {
        // A start with nothing left to hand over says nothing.
        if (submitted < total) shown.progress ??= showProgress('New applications');
        shown.progress?.report(submitted / total, `${submitted} of ${total} submitted`);
      },
      signal,
    );
    shown.progress?.end(`${applications.length} submitted${refused > 0 ? `, of which ${refused} refused` : ''}`);
  } finally {
    await door.close();
  }
};

const tokenFor = async ({ home }: Settings, role: 'advisor' | 'loan-system'): Promise<string> => {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const door = await findDoor(home);
    const token = door === null ? null : await requestToken(door, role);
    if (token !== null) return token;
    await setTimeout(250);
  }
  throw new StartError('The sign-in does not answer: stop Lisible and start it again.');
};

const readyText = (origin: string, seconds: number): string => `
Lisible is ready (${seconds.toFixed(1)} s):  ${origin}

  Open it in a browser and sign in as Camille Moreau, advisor: no password is asked for.
  For a script:        npm run --silent token -- --role advisor
  Train another model: npm run train -- --data DIR
  Stop with Ctrl C; everything is kept.
`;

const sameKeyPressMs = 1000;
/** How long the requests in hand and the training may take to end once the records are gone. */
const endGraceMs = 3000;

const closeOnce = (platform: RunningPlatform): (() => Promise<void>) => {
  let closing: Promise<void> | null = null;
  return () => (closing ??= platform.close());
};

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const fail = (error: unknown): void => {
  process.stderr.write(`${oneSentence(error)}\n`);
  process.exit(1);
};

main().catch(fail);
