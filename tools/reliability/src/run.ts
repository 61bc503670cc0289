import { deadLetterTopic, topics } from '@lisible/contracts';
import type { Application } from '@lisible/contracts';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCallers } from './callers.ts';
import type { Callers } from './callers.ts';
import { checkHistory } from './check-history.ts';
import type { Verdict } from './check-history.ts';
import { isAlive, nameOf } from './fleet.ts';
import { createRecorder, readHistory } from './history.ts';
import type { HistoryEntry, Recorder } from './history.ts';
import { startListeners } from './listeners.ts';
import { lookAtTables } from './look-at-tables.ts';
import type { Session } from './session.ts';
import { lookAtTopics, readEnds, startPublisher, startReader } from './stranger.ts';
import type { StrangePublisher, StrangeReader } from './stranger.ts';
import { makeApplication, strangerSource, submittedTopic, toCloudEvent } from './workload.ts';

const watched = [topics.applicationPrepared, topics.applicationDecided, topics.decisionExplained, deadLetterTopic];

/** A caller outlasts the longest run: whoever gives up was not served, and the checker hears of it. */
const callerPatienceMs = 60 * 60_000;

export interface RunSettings {
  readonly scenario: string;
  readonly seed: number;
  /** How long the platform may take to finish what was submitted, once nothing is done to it any more. */
  readonly drainMs: number;
}

/** One run of a scenario on a platform: who asks, who listens, and what is written down. */
export interface Run {
  readonly session: Session;
  readonly recorder: Recorder;
  readonly publisher: StrangePublisher;
  readonly reader: StrangeReader;
  readonly callers: Callers;
  /** A new application, unlike every other of the run. */
  makeNext(): Application;
  /** By Kafka; published again, the same event, as long as the broker has not acknowledged it. */
  publish(application: Application, eventId?: string): void;
  /** By HTTP, staying until it is explained. */
  call(application: Application): void;
  /** So many applications a second, evenly, for so long; of each thousand, some by HTTP. */
  drive(options: {
    readonly perSecond: number;
    readonly seconds: number;
    readonly callersInThousand: number;
    readonly until?: AbortSignal;
  }): Promise<void>;
  /** Applications handed over so far. */
  readonly asked: number;
}

export interface RunOutcome {
  readonly verdict: Verdict;
  readonly entries: readonly HistoryEntry[];
  readonly historyFile: string;
}

/** Runs a scenario and judges it: records, lets it act, waits until everything is answered, takes the last look, checks. */
export async function runScenario(session: Session, { scenario, seed, drainMs }: RunSettings, act: (run: Run) => Promise<void>): Promise<RunOutcome> {
  const historyFile = join(session.folder, `history-${scenario}-${seed}.ndjson`);
  rmSync(historyFile, { force: true });
  const recorder = createRecorder(historyFile, 'harness');
  const prefix = `${scenario}-${seed}-${Date.now().toString(36)}-`;
  const starts = await readEnds(session.brokers, watched);
  recorder.record({ kind: 'run', scenario, seed, prefix, startedAt: new Date().toISOString() });
  for (const [topic, partitions] of Object.entries(starts)) recorder.record({ kind: 'topic-start', topic, partitions });
  const undo = new AsyncDisposableStack();
  try {
    const reader = undo.adopt(await startReader(session.brokers, historyFile, watched), (open) => open.close());
    const publisher = undo.adopt(await startPublisher(session.brokers, historyFile), (open) => open.close());
    const { fleet } = session;
    const callers = undo.adopt(
      createCallers({
        recorder,
        gatewayUrls: () => fleet.gatewayUrls,
        token: () => fleet.token('loan-system'),
        waitSeconds: 10,
        patienceMs: callerPatienceMs,
      }),
      (open) => open.close(),
    );
    const listeners = undo.adopt(startListeners({ recorder, gatewayUrls: fleet.gatewayUrls, token: () => fleet.token('advisor') }), (open) =>
      open.close(),
    );
    const sampling = setInterval(() => sampleMemory(session, recorder), 1_000);
    undo.defer(() => clearInterval(sampling));

    let made = 0;
    let calls = 0;
    const waiting = new Set<Promise<void>>();
    const unacknowledged = new Map<string, { readonly application: Application; readonly eventId: string }>();
    const subjects = new Set<string>();
    const publish = (application: Application, eventId = application.applicationId): void => {
      calls += 1;
      const call = `publish-${calls}`;
      subjects.add(application.applicationId);
      unacknowledged.set(call, { application, eventId });
      publisher.publish({
        call,
        subject: application.applicationId,
        expected: 'decision',
        topic: submittedTopic,
        key: application.applicationId,
        source: strangerSource,
        id: eventId,
        value: toCloudEvent(application, eventId),
      });
    };
    const publishAgain = (): void => {
      for (const call of publisher.takeUnknown()) {
        const { application, eventId } = unacknowledged.get(call) ?? {};
        unacknowledged.delete(call);
        if (application !== undefined && eventId !== undefined) publish(application, eventId);
      }
    };
    const repeating = setInterval(publishAgain, 200);
    undo.defer(() => clearInterval(repeating));
    const run: Run = {
      session,
      recorder,
      publisher,
      reader,
      callers,
      makeNext: () => makeApplication(session.templates, prefix, (made += 1)),
      publish,
      call: (application) => {
        subjects.add(application.applicationId);
        const served = callers.submit(application, subjects.size).finally(() => waiting.delete(served));
        waiting.add(served);
      },
      drive: async ({ perSecond, seconds, callersInThousand, until }) => {
        const startedAt = performance.now();
        const total = Math.round(perSecond * seconds);
        for (let sent = 0; sent < total;) {
          if (until?.aborted === true) return;
          const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
          for (; sent < due; sent += 1) {
            // Spread evenly: every so manieth comes by HTTP.
            const isCaller = Math.floor((sent * callersInThousand) / 1000) !== Math.floor(((sent + 1) * callersInThousand) / 1000);
            if (isCaller) run.call(run.makeNext());
            else run.publish(run.makeNext());
          }
          await sleep(5);
        }
      },
      get asked() {
        return subjects.size;
      },
    };

    await act(run);

    session.log(`${scenario}: ${subjects.size} applications handed over; waiting until each is explained…`);
    const deadline = Date.now() + drainMs;
    const isDone = (): boolean =>
      publisher.open === 0 && waiting.size === 0 && [...subjects].every((subject) => reader.hasSeen(topics.decisionExplained, subject));
    while (!isDone() && Date.now() < deadline) await sleep(200);
    callers.stop();
    await Promise.race([Promise.all(waiting), sleep(30_000, undefined, { ref: false })]);
    await listeners.close();
    // What comes a moment later (a second dead letter, a second decision) must be seen too.
    await sleep(1_000);
    await undo.disposeAsync();
    await lookAtTopics(session.brokers, historyFile, starts);
    await lookAtTables(session.databaseUrl, recorder, prefix);
    recorder.record({ kind: 'end' });
  } finally {
    await undo.disposeAsync();
  }
  const entries = await readHistory(historyFile);
  return { verdict: checkHistory(entries), entries, historyFile };
}

/** Resident memory of every process of the platform, bytes. */
const sampleMemory = ({ fleet }: Session, recorder: Recorder): void => {
  for (const process of fleet.processes) {
    const file = `/proc/${process.pid}/status`;
    if (!isAlive(process.pid) || !existsSync(file)) continue;
    try {
      const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1];
      if (kilobytes !== undefined)
        recorder.as('memory').record({ kind: 'sample', name: 'resident-bytes', target: nameOf(process), value: Number(kilobytes) * 1024 });
    } catch {
      // It died between the two looks.
    }
  }
};
