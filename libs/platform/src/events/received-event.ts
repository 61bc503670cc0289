import { eventDataSchemas, eventEnvelopeSchema } from '@lisible/contracts';
import type { EventEnvelope, Topic } from '@lisible/contracts';
import { RejectedError } from '../errors.ts';
import type { OutboxRow } from './event-store.ts';

/**
 * Parses what came in, unless its writer in this very process has handed it over parsed.
 * @throws RejectedError `event-invalid` naming where it does not fit, never what was there.
 */
export const receiveEvent = (topic: Topic, row: Pick<OutboxRow, 'id' | 'envelope' | 'event'>): EventEnvelope => {
  if (row.event !== undefined) return row.event;
  const envelope = eventEnvelopeSchema.safeParse(parseJson(row.envelope));
  if (!envelope.success) throw invalid(topic, row.id, paths(envelope.error));
  if (envelope.data.type !== topic) throw invalid(topic, row.id, 'type');
  const data = eventDataSchemas[topic].safeParse(envelope.data.data);
  if (!data.success) throw invalid(topic, row.id, paths(data.error));
  return { ...envelope.data, data: data.data };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const paths = (error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] }): string =>
  error.issues.map(({ path }) => path.join('.') || 'envelope').join(', ');

const invalid = (topic: Topic, id: string, where: string): RejectedError =>
  new RejectedError('event-invalid', {
    fr: `L’événement ${id} de ${topic} ne suit pas son schéma : ${where}.`,
    en: `Event ${id} of ${topic} does not follow its schema: ${where}.`,
  });
