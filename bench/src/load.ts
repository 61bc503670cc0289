import { Pool } from 'undici';

/** One request of a load, and what came back. */
export interface LoadRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoadAnswer {
  readonly status: number;
  readonly text: string;
  readonly elapsedMs: number;
}

export interface LoadRun {
  /** In the order of the requests. */
  readonly answers: readonly LoadAnswer[];
  readonly perSecond: number;
}

/** Posts every request once over so many kept-alive connections, each of which sends the next as soon as it has its answer. Answers are kept unread. */
export async function postAll(origin: string, requests: readonly LoadRequest[], connections: number): Promise<LoadRun> {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const answers: LoadAnswer[] = [];
  let next = 0;
  const connection = async (): Promise<void> => {
    for (;;) {
      const index = next;
      const request = requests[index];
      if (request === undefined) return;
      next += 1;
      const sentAt = performance.now();
      const { statusCode, body } = await pool.request({ method: 'POST', path: request.path, headers: { ...request.headers }, body: request.body });
      answers[index] = { status: statusCode, text: await body.text(), elapsedMs: performance.now() - sentAt };
    }
  };
  try {
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: connections }, connection));
    return { answers, perSecond: (requests.length / (performance.now() - startedAt)) * 1000 };
  } finally {
    await pool.close();
  }
}
