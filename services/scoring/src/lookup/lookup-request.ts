import { RejectedError } from '@lisible/platform';
import { z } from 'zod';

const lookupSchema = z.object({ applicationIds: z.array(z.string().max(64)).max(1000) });

/** The identifiers asked for, each once. @throws RejectedError `request-invalid` */
export const parseLookup = (body: unknown): readonly string[] => {
  const lookup = lookupSchema.safeParse(body);
  if (!lookup.success) {
    throw new RejectedError('request-invalid', { fr: 'Une liste d’au plus 1000 identifiants est attendue.', en: 'A list of at most 1000 identifiers is expected.' });
  }
  return [...new Set(lookup.data.applicationIds)];
};
