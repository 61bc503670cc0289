import { artefactKeys, snapshotFiles, snapshotPointerSchema } from '@lisible/contracts';
import type { ArtefactStore } from '@lisible/platform';
import { setTimeout } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';

const maxApplications = 2000;
/**
 * A batch is sent at once and awaited whole before the next begins. So the records themselves say how far an
 * interrupted start had come: once any application of a batch is there, every earlier batch was answered for.
 */
export const batchSize = 16;

export interface SubmissionProgress {
  readonly submitted: number;
  readonly total: number;
}

export interface SubmissionOutcome {
  /** Newly handed over by this run. */
  readonly submitted: number;
  /** Answered with 400, 413 or 422: the door does not accept them, and never will. */
  readonly refused: number;
  readonly total: number;
}

/** The public door, as the submission uses it. */
export interface ApplicationDoor {
  isReceived(applicationId: string): Promise<boolean>;
  /** False when the door refuses the application for good. @throws when it could not be handed over */
  submit(applicationId: string, body: string): Promise<boolean>;
}

const identified = z.object({ applicationId: z.string() });

/** The unlabelled rows of the snapshot in force, 2,000 at most; empty without a snapshot. */
export const readUnlabelledApplications = async (
  artefacts: Pick<ArtefactStore, 'find'>,
): Promise<readonly { applicationId: string; body: string }[]> => {
  const pointer = await artefacts.find(artefactKeys.currentSnapshot);
  if (pointer === null) return [];
  const { snapshotId } = snapshotPointerSchema.parse(JSON.parse(Buffer.from(pointer).toString('utf8')));
  const lines = await artefacts.find(artefactKeys.snapshot(snapshotId, snapshotFiles.unlabelled));
  if (lines === null) return [];
  return Buffer.from(lines)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, maxApplications)
    .map((body, index) => {
      const applicationId = findApplicationId(body);
      if (applicationId === null) throw new Error(`line ${index + 1} of the new applications of snapshot ${snapshotId} is damaged`);
      return { applicationId, body };
    });
};

/** Null where the line is damaged: the parser's own error would quote a client's data. */
const findApplicationId = (body: string): string | null => {
  try {
    return identified.parse(JSON.parse(body)).applicationId;
  } catch {
    return null;
  }
};

/** Hands over what is not there yet; started again after any interruption, it continues where the records end. */
export const submitApplications = async (
  applications: readonly { readonly applicationId: string; readonly body: string }[],
  door: ApplicationDoor,
  onProgress: (progress: SubmissionProgress) => void,
  signal: AbortSignal,
): Promise<SubmissionOutcome> => {
  const batches = Array.from({ length: Math.ceil(applications.length / batchSize) }, (_, index) =>
    applications.slice(index * batchSize, (index + 1) * batchSize),
  );
  const first = await findLastBegun(batches.length, async (index) => {
    for (const { applicationId } of batches[index] ?? []) if (await door.isReceived(applicationId)) return true;
    return false;
  });
  let submitted = 0;
  let refused = 0;
  for (const batch of batches.slice(first)) {
    if (signal.aborted) break;
    // Sending again is harmless: the door answers what it has stored.
    const accepted = await Promise.all(batch.map(({ applicationId, body }) => door.submit(applicationId, body)));
    submitted += accepted.filter((isAccepted) => isAccepted).length;
    refused += accepted.filter((isAccepted) => !isAccepted).length;
    onProgress({ submitted: first * batchSize + submitted + refused, total: applications.length });
  }
  return { submitted, refused, total: applications.length };
};

/** Index of the last batch that was begun, by bisection; 0 when none was. */
const findLastBegun = async (batches: number, isBegun: (index: number) => Promise<boolean>): Promise<number> => {
  let low = 0;
  let high = batches - 1;
  // Most starts find everything done: ask about the end first.
  if (high > 0 && (await isBegun(high))) return high;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (await isBegun(middle)) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
};

/** What the door says for good about one application, and what it says while it cannot serve. */
const refusedForGood: readonly number[] = [400, 413, 422];
const servedLater: readonly number[] = [429, 502, 503, 504];
const maxAttempts = 6;

/** The door over HTTP, as any loan system uses it. A door that cannot serve for now is asked again, for half a minute in all. */
export const httpApplicationDoor = (
  origin: string,
  token: string,
  pause: (attempt: number) => Promise<void> = (attempt) => setTimeout(1000 * 2 ** (attempt - 1)),
): ApplicationDoor & { close(): Promise<void> } => {
  const dispatcher = new Agent({ connections: batchSize });
  const ask = async (path: string, content?: string): Promise<number> => {
    for (let attempt = 1; ; attempt += 1) {
      const { statusCode, body } = await request(origin + path, {
        dispatcher,
        headers: { authorization: `Bearer ${token}`, ...(content === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(content === undefined ? {} : { method: 'POST', body: content }),
      });
      await body.dump();
      if (!servedLater.includes(statusCode) || attempt === maxAttempts) return statusCode;
      await pause(attempt);
    }
  };
  return {
    isReceived: async (applicationId) => {
      const status = await ask(`/v1/applications/${encodeURIComponent(applicationId)}`);
      if (status !== 200 && status !== 404) throw new Error(`the door answered ${status} about application ${applicationId}`);
      return status === 200;
    },
    submit: async (applicationId, content) => {
      const status = await ask('/v1/applications', content);
      // 409: it is there with another content, from an earlier population; the first word stands.
      if (status === 200 || status === 202 || status === 409) return true;
      if (refusedForGood.includes(status)) return false;
      throw new Error(`the door answered ${status} to application ${applicationId}`);
    },
    close: () => dispatcher.close(),
  };
};
