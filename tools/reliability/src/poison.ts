import type { Application, DeadLetterReason } from '@lisible/contracts';
import { strangerSource, submittedTopic } from './workload.ts';

/** One way in which a message can be wrong. */
export interface PoisonKind {
  readonly name: string;
  readonly reason: DeadLetterReason;
  /** A broken message with this event id, made from a good application of its own; `taken` was decided before. */
  make(good: Application, id: string, taken: Application): Poison;
}

export interface Poison {
  readonly value: string | Uint8Array;
  /** False where the message is too broken to have one. */
  readonly isNamed: boolean;
  readonly isKeyed: boolean;
}

const envelope = (data: unknown, id: string, changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ specversion: '1.0', id, source: strangerSource, type: submittedTopic, datacontenttype: 'application/json', data, ...changes });
const named = (value: string | Uint8Array): Poison => ({ value, isNamed: true, isKeyed: true });
const nameless = (value: string | Uint8Array): Poison => ({ value, isNamed: false, isKeyed: true });
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const without = (application: Application, field: string): object =>
  Object.fromEntries(Object.entries(application).filter(([name]) => name !== field));

/** Longer than any event that is read, within what a broker takes. */
const tooLargeBytes = 300 * 1024;

/** Broken messages of many kinds, each with the reason that its dead letter must give. */
export const poisonKinds: readonly PoisonKind[] = [
  { name: 'no bytes', reason: 'empty', make: () => nameless('') },
  { name: 'no bytes, no key', reason: 'empty', make: () => ({ ...nameless(''), isKeyed: false }) },
  { name: 'too large', reason: 'too-large', make: (good, id) => nameless(envelope({ ...good, note: 'x'.repeat(tooLargeBytes) }, id)) },
  { name: 'not text', reason: 'not-json', make: () => nameless(Uint8Array.from([0x00, 0x00, 0x00, 0x00, 0x07, 0x0e, 0xff, 0xfe])) },
  { name: 'Latin-1', reason: 'not-json', make: (good, id) => nameless(Buffer.from(envelope({ ...good, contractType: 'prêt' }, id), 'latin1')) },
  { name: 'a byte order mark', reason: 'not-json', make: (good, id) => nameless(bytes(`\uFEFF${envelope(good, id)}`)) },
  { name: 'cut short', reason: 'not-json', make: (good, id) => nameless(envelope(good, id).slice(0, -40)) },
  { name: 'a number', reason: 'envelope-invalid', make: () => nameless('42') },
  { name: 'a list', reason: 'envelope-invalid', make: (good, id) => nameless(`[${envelope(good, id)}]`) },
  { name: 'an application without an envelope', reason: 'id-missing', make: (good) => nameless(JSON.stringify(good)) },
  { name: 'CloudEvents 0.3', reason: 'envelope-invalid', make: (good, id) => named(envelope(good, id, { specversion: '0.3' })) },
  { name: 'no source', reason: 'envelope-invalid', make: (good, id) => nameless(envelope(good, id, { source: undefined })) },
  { name: 'no id', reason: 'id-missing', make: (good, id) => nameless(envelope(good, id, { id: undefined })) },
  { name: 'another type', reason: 'type-unexpected', make: (good, id) => named(envelope(good, id, { type: 'credit.loan.outcome-reported.v1' })) },
  { name: 'a later version', reason: 'version-unknown', make: (good, id) => named(envelope(good, id, { type: 'credit.application.submitted.v9' })) },
  { name: 'no data', reason: 'envelope-invalid', make: (_, id) => named(envelope(undefined, id)) },
  { name: 'data that are text', reason: 'application-invalid', make: (good, id) => named(envelope(JSON.stringify(good), id)) },
  { name: 'no amount', reason: 'application-invalid', make: (good, id) => named(envelope(without(good, 'creditAmount'), id)) },
  { name: 'a negative amount', reason: 'application-invalid', make: (good, id) => named(envelope({ ...good, creditAmount: -5 }, id)) },
  { name: 'a field that nobody knows', reason: 'application-invalid', make: (good, id) => named(envelope({ ...good, shoeSize: 42 }, id)) },
  { name: 'a date that is none', reason: 'application-invalid', make: (good, id) => named(envelope({ ...good, submittedAt: 'yesterday' }, id)) },
  {
    name: 'another content under a number that was decided',
    reason: 'application-conflict',
    make: (_, id, taken) => named(envelope({ ...taken, creditAmount: Number(taken['creditAmount']) + 1 }, id)),
  },
];
