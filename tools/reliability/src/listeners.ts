import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from './history.ts';

export interface ListenerOptions {
  readonly recorder: Recorder;
  /** Addresses of the gateway's replicas: one stream is kept open to each. */
  readonly gatewayUrls: readonly string[];
  readonly token: () => Promise<string>;
}

export interface Listeners {
  close(): Promise<void>;
}

/** Keeps a live stream open to every replica of the gateway, again and again when it is cut, and records what each one announced. */
export function startListeners({ recorder: anyRecorder, gatewayUrls, token }: ListenerOptions): Listeners {
  const recorder = anyRecorder.as('listener');
  const abort = new AbortController();
  let streams = 0;

  const listen = async (url: string): Promise<void> => {
    const response = await fetch(`${url}/v1/stream`, { headers: { authorization: `Bearer ${await token()}` }, signal: abort.signal });
    if (!response.ok || response.body === null) throw new Error(`the stream was answered with ${response.status}`);
    const stream = `stream-${(streams += 1)}`;
    recorder.record({ kind: 'listening', stream, gateway: url, isOpen: true });
    try {
      let text = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const [, topic, data] = /^event: (.+)\ndata: (.+)$/.exec(block) ?? [];
          if (topic !== undefined && data !== undefined) recorder.record({ kind: 'heard', stream, topic, subject: JSON.parse(data).applicationId });
        }
      }
    } finally {
      recorder.record({ kind: 'listening', stream, gateway: url, isOpen: false });
    }
  };
  const keepListening = async (url: string): Promise<void> => {
    while (!abort.signal.aborted) {
      await listen(url).catch(() => undefined);
      if (!abort.signal.aborted) await sleep(300);
    }
  };
  const loops = gatewayUrls.map(keepListening);
  return {
    close: async () => {
      abort.abort();
      await Promise.all(loops);
    },
  };
}
