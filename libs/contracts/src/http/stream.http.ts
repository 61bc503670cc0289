import { z } from 'zod';
import type { Role } from '../roles.ts';

/**
 * What `GET /v1/stream` announces, as server-sent events: the topic is the event's name, the data are identifiers only;
 * who wants to know more asks for it and is judged again. `decided` for whoever acts on decisions, `explained` for whoever may read why.
 */
export const announcedTopics = {
  'credit.application.decided.v1': ['advisor', 'risk', 'loan-system'],
  'credit.decision.explained.v1': ['advisor', 'risk'],
} as const satisfies Record<string, readonly Role[]>;
export type AnnouncedTopic = keyof typeof announcedTopics;

/** Data of one server-sent event. */
export const announcementSchema = z.object({ applicationId: z.string() });
export type Announcement = z.infer<typeof announcementSchema>;
