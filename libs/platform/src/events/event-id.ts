import type { ServiceName } from '@lisible/contracts';
import { createHash } from 'node:crypto';

/** Id of an event: SHA-256 over cause, topic and subject, hexadecimal, so that a replay produces the same id. */
export const eventId = (cause: string, topic: string, subject: string): string =>
  createHash('sha256')
    .update(JSON.stringify([cause, topic, subject]))
    .digest('hex');

/** The CloudEvents `source` of a service. */
export const eventSource = (service: ServiceName): string => `/lisible/${service}`;
