import { z } from 'zod';

/** Identifiers only: a name has no place in what a browser keeps. */
const recentSchema = z.array(z.strictObject({ clientId: z.string(), applicationId: z.string().nullable() })).max(8);
export type RecentDossier = z.infer<typeof recentSchema>[number];

const key = 'lisible.recent';
const most = 5;

/** The last dossiers opened in this tab, latest first. */
export const listRecent = (): readonly RecentDossier[] => {
  try {
    return recentSchema.parse(JSON.parse(sessionStorage.getItem(key) ?? '[]'));
  } catch {
    return []; // Storage closed to us, or written by another version.
  }
};

export const remember = (dossier: RecentDossier): void => {
  const others = listRecent().filter(({ clientId, applicationId }) => clientId !== dossier.clientId || applicationId !== dossier.applicationId);
  try {
    sessionStorage.setItem(key, JSON.stringify([dossier, ...others].slice(0, most)));
  } catch {
    // As above: the palette then does without.
  }
};
