import { artefactKeys, snapshotFiles, snapshotPointerSchema } from '@lisible/contracts';
import type { ArtefactStore } from '@lisible/platform';
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
  /** Answered with 422: the catalogue does not accept them, and never will. */
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
export const readUnlabelledApplications = async (artefacts: ArtefactStore): Promise<readonly { applicationId: string; body: string }[]> => {
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
    .map((body) => ({ applicationId: identified.parse(JSON.parse(body)).applicationId, body }));
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

/** The door over HTTP, as any loan system uses it. */
export const httpApplicationDoor = (origin: string, token: string): ApplicationDoor & { close(): Promise<void> } => {
  const dispatcher = new Agent({ connections: batchSize });
  const authorization = `Bearer ${token}`;
  return {
    isReceived: async (applicationId) => {
      const { statusCode, body } = await request(`${origin}/v1/applications/${encodeURIComponent(applicationId)}`, {
        dispatcher,
        headers: { authorization },
      });
      await body.dump();
      if (statusCode !== 200 && statusCode !== 404) throw new Error(`the door answered ${statusCode} about application ${applicationId}`);
      return statusCode === 200;
    },
    submit: async (applicationId, content) => {
      const { statusCode, body } = await request(`${origin}/v1/applications`, {
        method: 'POST',
        dispatcher,
        headers: { authorization, 'content-type': 'application/json' },
        body: content,
      });
      await body.dump();
      // 409: it is there with another content, from an earlier population; the first word stands.
      if (statusCode === 200 || statusCode === 202 || statusCode === 409) return true;
      if (statusCode === 422) return false;
      throw new Error(`the door answered ${statusCode} to application ${applicationId}`);
    },
    close: () => dispatcher.close(),
  };
};
