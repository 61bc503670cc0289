import type { Application } from '@lisible/contracts';
import { applicationViewSchema } from '@lisible/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Recorder } from './history.ts';

export interface CallerOptions {
  readonly recorder: Recorder;
  /** Present addresses of the gateway's replicas. */
  readonly gatewayUrls: () => readonly string[];
  readonly token: () => Promise<string>;
  readonly waitSeconds: number;
  /** How long a caller keeps trying before the checker has to hear that it was not served. */
  readonly patienceMs: number;
}

export interface Callers {
  /** Submits an application over HTTP and stays until it is explained, at one replica after the other. */
  submit(application: Application, firstReplica: number): Promise<void>;
  /** Submits what the door must refuse. */
  submitBad(subject: string, body: string): Promise<void>;
  /** No further tries: whoever still waits was not served. */
  stop(): void;
  close(): Promise<void>;
}

/** Beyond the time that the door was asked to wait, how long an answer may take before the connection is given up. */
const graceMs = 15_000;
const maxPauseMs = 3_000;
const tokenLifeMs = 4 * 60_000;

/** People and systems at the door who wait for their decision; each try is a call of its own in the history. */
export function createCallers({ recorder: anyRecorder, gatewayUrls, token, waitSeconds, patienceMs }: CallerOptions): Callers {
  const recorder = anyRecorder.as('callers');
  const timeout = waitSeconds * 1000 + graceMs;
  const agent = new Agent({ connections: 64, connect: { timeout: 2_000 }, headersTimeout: timeout, bodyTimeout: timeout });
  let calls = 0;
  const ending = new AbortController();
  let held: { readonly text: Promise<string>; readonly until: number } | null = null;
  const bearer = (): Promise<string> => {
    if (held === null || Date.now() > held.until) held = { text: token(), until: Date.now() + tokenLifeMs };
    return held.text;
  };
  const exchange = async (url: string, body: string): Promise<{ readonly status: number; readonly text: string }> => {
    const headers = { authorization: `Bearer ${await bearer()}`, 'content-type': 'application/json', prefer: `wait=${waitSeconds}` };
    const response = await request(`${url}/v1/applications`, { method: 'POST', dispatcher: agent, headers, body });
    return { status: response.statusCode, text: await response.body.text() };
  };
  const nextCall = (): string => `call-${(calls += 1)}`;

  /** True once there is nothing left to wait for. */
  const attempt = async (subject: string, body: string, url: string): Promise<boolean> => {
    const call = nextCall();
    recorder.record({ kind: 'invoke', call, action: 'submit', subject, expected: 'decision', to: url });
    try {
      const { status, text } = await exchange(url, body);
      if (status === 200) {
        const { decision, status: progress } = applicationViewSchema.parse(JSON.parse(text));
        if (decision !== null && progress === 'explained') {
          const { decision: verdict, probabilityOfDefault } = decision;
          recorder.record({ kind: 'answer', call, outcome: 'ok', status, decision: verdict, probabilityOfDefault });
          return true;
        }
      }
      const isRefused = status === 409 || status === 422 || status === 400;
      recorder.record({ kind: 'answer', call, outcome: isRefused ? 'refused' : status === 202 ? 'unfinished' : 'unknown', status });
      return isRefused;
    } catch (error) {
      recorder.record({ kind: 'answer', call, outcome: 'unknown', error: String(error) });
      return false;
    }
  };

  return {
    async submit(application, firstReplica) {
      const body = JSON.stringify(application);
      const deadline = Date.now() + patienceMs;
      for (let tries = 0; Date.now() < deadline; tries += 1) {
        if (ending.signal.aborted) return;
        const urls = gatewayUrls();
        const url = urls[(firstReplica + tries) % urls.length];
        if (url !== undefined && (await attempt(application.applicationId, body, url))) return;
        // As a client should: longer each time, so that whoever comes back is not met by a crowd.
        await sleep(Math.min(maxPauseMs, 250 * 2 ** tries));
      }
    },
    async submitBad(subject, body) {
      const [url] = gatewayUrls();
      if (url === undefined) throw new Error('no gateway');
      const call = nextCall();
      recorder.record({ kind: 'invoke', call, action: 'submit', subject, expected: 'refusal', to: url });
      const { status } = await exchange(url, body);
      recorder.record({ kind: 'answer', call, outcome: status >= 400 && status < 500 ? 'refused' : 'unknown', status });
    },
    stop: () => ending.abort(),
    close: () => agent.close(),
  };
}
