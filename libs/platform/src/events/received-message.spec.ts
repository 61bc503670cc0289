import { deadLetterReasonSchema, topics } from '@lisible/contracts';
import fc from 'fast-check';
import { receiveMessage } from './received-message.ts';

const submitted = topics.applicationSubmitted;
const facts = { key: 'A-1', sentAt: new Date('2026-11-23T12:00:00.000Z') };
const received = (value: unknown) => receiveMessage(submitted, Buffer.from(JSON.stringify(value)), facts);
const minimal = { specversion: '1.0', id: '1', source: 'urn:bank', type: submitted, data: { applicationId: 'A-1' } };

describe('a message of a loan system', () => {
  it('may say what CloudEvents demands and no more; the rest comes from where it lay', () => {
    expect(received(minimal)).toEqual({
      kind: 'event',
      event: {
        ...minimal,
        time: '2026-11-23T12:00:00.000Z',
        subject: 'A-1',
        datacontenttype: 'application/json',
        dataschema: `urn:lisible:schema:${submitted}`,
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      },
    });
    const time = '2026-11-23T13:00:00+02:00';
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(received({ ...minimal, time, subject: 'A-2', traceparent, ours: true })).toMatchObject({
      event: { time: '2026-11-23T11:00:00.000Z', subject: 'A-2', traceparent },
    });
  });

  it('keeps its identity in the fault where it can be read, and only then', () => {
    expect(received({ ...minimal, specversion: '0.3' })).toEqual({
      kind: 'fault',
      reason: 'envelope-invalid',
      identity: { source: 'urn:bank', id: '1' },
    });
    expect(received({ ...minimal, specversion: '0.3', id: 'Zoé Martin, née en 1984' })).toMatchObject({ identity: null });
  });

  it('is an event or a fault of the closed list, whatever its bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
          fc.constant(null),
        ),
        (bytes) => {
          const result = receiveMessage(submitted, bytes, facts);
          expect(result.kind === 'event' || deadLetterReasonSchema.safeParse(result.reason).success).toBe(true);
        },
      ),
    );
  });

  it('is an event or a fault, whatever stands in its envelope', () => {
    const anything = fc.record(
      {
        specversion: fc.anything(),
        id: fc.anything(),
        source: fc.anything(),
        type: fc.oneof(fc.constant(submitted), fc.anything()),
        time: fc.anything(),
        data: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anything, (value) => {
        const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
        expect(['event', 'fault']).toContain(receiveMessage(submitted, Buffer.from(text), facts).kind);
      }),
    );
  });
});

describe('an event of the house', () => {
  it('has to say everything, and its data have to fit', () => {
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/lisible/trainer',
      type: topics.populationSnapshotPublished,
      time: '2026-11-23T12:00:00.000Z',
      subject: 's',
      datacontenttype: 'application/json',
      dataschema: 'urn:x',
      data: { snapshotId: 's', labelledRows: 1, publishedAt: '2026-11-23T00:00:00.000Z' },
    };
    const of = (value: unknown) => receiveMessage(topics.populationSnapshotPublished, Buffer.from(JSON.stringify(value)), facts);
    expect(of(event)).toEqual({ kind: 'event', event });
    expect(of({ ...event, subject: undefined })).toMatchObject({ reason: 'envelope-invalid' });
    expect(of({ ...event, data: { ...event.data, labelledRows: 'many' } })).toMatchObject({ reason: 'event-invalid' });
    expect(of({ ...event, type: 'population.snapshot.published.v2' })).toMatchObject({ reason: 'version-unknown' });
  });
});
