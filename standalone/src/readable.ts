import { clientPageSchema } from '@lisible/contracts';
import { setTimeout } from 'node:timers/promises';

/** Resolves when a dossier can really be read through the door: services hear of a new model and population in their own time. */
export const waitUntilReadable = async (origin: string, token: string, signal: AbortSignal): Promise<void> => {
  const headers = { authorization: `Bearer ${token}` };
  while (!signal.aborted) {
    const list = await fetch(`${origin}/v1/clients?pageSize=1`, { headers, signal });
    const [row] = list.ok ? clientPageSchema.parse(await list.json()).items : [];
    if (row !== undefined) {
      const dossier = await fetch(`${origin}/v1/clients/${encodeURIComponent(row.clientId)}?applicationId=${encodeURIComponent(row.applicationId)}`, {
        headers,
        signal,
      });
      if (dossier.ok) return;
    }
    await setTimeout(pollEveryMs, undefined, { signal });
  }
};

const pollEveryMs = 200;
