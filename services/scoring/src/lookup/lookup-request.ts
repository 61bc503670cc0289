import { z } from 'zod';

/** Body of both look-ups. */
export const lookupRequestSchema = z.object({ applicationIds: z.array(z.string().max(64)).max(1000) });
export type LookupRequest = z.infer<typeof lookupRequestSchema>;
