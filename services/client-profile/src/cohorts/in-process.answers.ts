/** The cache port's shape: it never throws; what is not there is a miss. */
export interface Answers {
  find(key: string): Promise<Uint8Array | null>;
  remember(key: string, value: Uint8Array, ttlSeconds: number): Promise<void>;
}

/** The latest answers, at most so many bytes of them. A time to live is not kept: their keys name the snapshot that they hold for. */
export const createInProcessAnswers = (maxBytes: number): Answers => {
  const answers = new Map<string, Uint8Array>();
  let bytes = 0;
  return {
    find: (key) => {
      const answer = answers.get(key);
      if (answer === undefined) return Promise.resolve(null);
      answers.delete(key);
      answers.set(key, answer);
      return Promise.resolve(answer);
    },
    remember: (key, value) => {
      bytes += value.byteLength - (answers.get(key)?.byteLength ?? 0);
      answers.delete(key);
      answers.set(key, value);
      for (const [oldest, { byteLength }] of answers) {
        if (bytes <= maxBytes) break;
        answers.delete(oldest);
        bytes -= byteLength;
      }
      return Promise.resolve();
    },
  };
};
