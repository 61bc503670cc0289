import { describe, expect, it } from '@jest/globals';
import { deadLetterTopic, topics } from '@lisible/contracts';
import { checkHistory, violationKinds } from './check-history.ts';
import type { ViolationKind } from './check-history.ts';
import type { EntryOf, HistoryEntry } from './history.ts';

const submittedTopic = 'credit.application.submitted.v1';
const chain = [topics.applicationPrepared, topics.applicationDecided, topics.decisionExplained];
const verdictOf = { decision: 'approved', probabilityOfDefault: 0.0625 };

/** A run in which all went well: `a` by the stranger, `b` by a caller at the second try, a broken message, a refusal, one stream. */
const makeHistory = (): HistoryEntry[] => {
  let at = 1_000;
  const history: HistoryEntry[] = [];
  const add = (process: string, entry: object): void => {
    at += 10;
    history.push({ at, process, ...entry } as HistoryEntry);
  };
  const event = (topic: string, subject: string, offset: number, step: number, more: object = {}): object => ({
    kind: 'event',
    topic,
    partition: 0,
    offset,
    writtenAt: 1_700_000_000_000 + step * 20,
    source: '/lisible/somebody',
    id: `${topic}-${subject}`,
    key: subject,
    subject,
    happenedAt: 1_700_000_000_000 + step * 20 - 5,
    hash: `hash-${topic}-${subject}`,
    ...more,
  });
  const of = (topic: string): object =>
    topic === topics.applicationDecided
      ? verdictOf
      : topic === topics.decisionExplained
        ? { probabilityOfDefault: verdictOf.probabilityOfDefault }
        : {};
  const deadLetter = event(deadLetterTopic, 'run-bad', 0, 4, {
    deadLetter: {
      reason: 'event-invalid',
      consumer: 'client-profile',
      attempts: 1,
      origin: { topic: submittedTopic, partition: 2, offset: 7, source: '/stranger', id: 'bad' },
    },
  });
  const events = chain.flatMap((topic, step) => [
    event(topic, 'run-a', 0, step, of(topic)),
    event(topic, 'run-b', 1, step, of(topic)),
    // The relay died between publishing and marking.
    ...(topic === topics.applicationDecided ? [event(topic, 'run-a', 2, step + 5, of(topic))] : []),
  ]);

  add('faults', { kind: 'run', scenario: 'spec', seed: 1, prefix: 'run-', startedAt: '2026-11-26T08:00:00.000Z' });
  for (const topic of [...chain, deadLetterTopic]) add('faults', { kind: 'topic-start', topic, partitions: [{ partition: 0, next: 0 }] });
  add('listener', { kind: 'listening', stream: 's1', gateway: 'gateway-0', isOpen: true });
  at += 6_000;
  add('stranger', {
    kind: 'invoke',
    call: 'c1',
    action: 'publish',
    subject: 'run-a',
    expected: 'decision',
    to: submittedTopic,
    source: '/stranger',
    id: 'a',
  });
  add('stranger', { kind: 'answer', call: 'c1', outcome: 'ok', partition: 0, offset: 0 });
  add('stranger', {
    kind: 'invoke',
    call: 'c2',
    action: 'publish',
    subject: 'run-bad',
    expected: { deadLetter: 'event-invalid' },
    to: submittedTopic,
    source: '/stranger',
    id: 'bad',
  });
  add('stranger', { kind: 'answer', call: 'c2', outcome: 'ok', partition: 2, offset: 7 });
  add('callers', { kind: 'invoke', call: 'c3', action: 'submit', subject: 'run-b', expected: 'decision', to: 'gateway-0' });
  add('faults', { kind: 'fault', fault: 'kill', target: 'gateway-0', pid: 4711 });
  add('callers', { kind: 'answer', call: 'c3', outcome: 'unknown', error: 'ECONNRESET' });
  add('callers', { kind: 'invoke', call: 'c4', action: 'submit', subject: 'run-b', expected: 'decision', to: 'gateway-1' });
  add('callers', { kind: 'answer', call: 'c4', outcome: 'ok', status: 200, ...verdictOf });
  add('callers', { kind: 'invoke', call: 'c5', action: 'submit', subject: 'run-refused', expected: 'refusal', to: 'gateway-1' });
  add('callers', { kind: 'answer', call: 'c5', outcome: 'refused', status: 422 });
  for (const seen of [...events, deadLetter]) add('reader', seen);
  for (const topic of chain.slice(1)) for (const subject of ['run-a', 'run-b']) add('listener', { kind: 'heard', stream: 's1', topic, subject });
  at += 21_000;
  add('listener', { kind: 'listening', stream: 's1', gateway: 'gateway-0', isOpen: false });
  for (const seen of [...events, deadLetter]) add('last-look', seen);
  for (const topic of chain)
    add('last-look', {
      kind: 'topic-read',
      topic,
      partitions: [{ partition: 0, low: 0, high: topic === topics.applicationDecided ? 3 : 2 }],
    });
  add('last-look', { kind: 'topic-read', topic: deadLetterTopic, partitions: [{ partition: 0, low: 0, high: 1 }] });
  for (const subject of ['run-a', 'run-b']) {
    add('last-look', { kind: 'row', table: 'application', subject, count: 1 });
    add('last-look', { kind: 'row', table: 'decision', subject, count: 1, ...verdictOf });
    add('last-look', { kind: 'row', table: 'explanation', subject, count: 1, probabilityOfDefault: verdictOf.probabilityOfDefault });
  }
  for (const table of ['application', 'decision', 'explanation']) add('last-look', { kind: 'table-read', table, rows: 2 });
  add('last-look', { kind: 'end' });
  return history;
};

const isOf =
  <K extends HistoryEntry['kind']>(kind: K, more: Partial<EntryOf<K>> = {}) =>
  (entry: HistoryEntry): entry is EntryOf<K> =>
    entry.kind === kind && Object.entries(more).every(([name, value]) => (entry as Record<string, unknown>)[name] === value);
type Test = (entry: HistoryEntry) => boolean;
const without = (test: Test) => (history: HistoryEntry[]) => history.filter((entry) => !test(entry));
const changed = (test: Test, change: object) => (history: HistoryEntry[]) =>
  history.map((entry) => (test(entry) ? ({ ...entry, ...change } as HistoryEntry) : entry));
/** One more message on a topic, whole in every other respect. */
const withMessage = (test: Test, change: object) => (history: HistoryEntry[]) => {
  const model = history.find((entry) => test(entry) && entry.process === 'last-look') as EntryOf<'event'>;
  const read = history.find(isOf('topic-read', { topic: model.topic }))!;
  const { high } = read.partitions[0]!;
  const wider = changed(isOf('topic-read', { topic: model.topic }), { partitions: [{ partition: 0, low: 0, high: high + 1 }] })(history);
  return [...wider, { ...model, offset: high, ...change } as HistoryEntry];
};
const decided = isOf('event', { topic: topics.applicationDecided, subject: 'run-a' });
const explained = isOf('event', { topic: topics.decisionExplained, subject: 'run-a' });
const inLastLook =
  (test: Test): Test =>
  (entry) =>
    test(entry) && entry.process === 'last-look';
const aDeadLetter = isOf('event', { topic: deadLetterTopic });
const letterWith = (change: object) => (history: HistoryEntry[]) =>
  history.map((entry) => (aDeadLetter(entry) ? { ...entry, deadLetter: { ...entry.deadLetter!, ...change } } : entry));

describe('the checker of histories', () => {
  it('believes a run in which nothing was lost, and counts it', () => {
    expect(checkHistory(makeHistory())).toEqual({
      isValid: true,
      violations: [],
      counts: {
        submitted: 2,
        decided: 2,
        explained: 2,
        republished: 1,
        deadLetters: 1,
        callers: 1,
        servedAtOnce: 0,
        kills: 1,
        events: makeHistory().length,
      },
    });
  });

  const planted: readonly (readonly [string, ViolationKind, (history: HistoryEntry[]) => HistoryEntry[]])[] = [
    ['no end', 'history-incomplete', without(isOf('end'))],
    ['two runs in one', 'history-incomplete', (history) => [...history, history[0]!]],
    ['a topic that was not read', 'history-incomplete', without(isOf('topic-read', { topic: topics.decisionExplained }))],
    ['a message that was not read', 'history-incomplete', without(inLastLook(isOf('event', { topic: topics.applicationDecided, offset: 2 })))],
    [
      'a topic read from its middle',
      'history-incomplete',
      changed(isOf('topic-start', { topic: topics.applicationPrepared }), { partitions: [{ partition: 0, next: 1 }] }),
    ],
    ['a topic without a known beginning', 'history-incomplete', without(isOf('topic-start', { topic: deadLetterTopic }))],
    ['a table that was not read', 'history-incomplete', without(isOf('table-read', { table: 'explanation' }))],
    ['nothing asked', 'history-incomplete', without(isOf('invoke'))],
    ['an acknowledged application without a row', 'application-lost', without(isOf('row', { table: 'application', subject: 'run-a' }))],
    ['an acknowledged application without a decision', 'decision-lost', without(isOf('row', { table: 'decision', subject: 'run-b' }))],
    ['a decision without an explanation', 'explanation-lost', without(isOf('row', { table: 'explanation', subject: 'run-a' }))],
    ['a decision that was never published', 'event-lost', without(inLastLook(isOf('event', { topic: topics.applicationDecided, subject: 'run-b' })))],
    [
      'an event that has gone from its topic',
      'event-lost',
      (history) => [...history, { ...(history.find(explained) as EntryOf<'event'>), offset: 99 }],
    ],
    [
      'a decision that nobody asked for',
      'decision-unasked',
      (history) => [...history, { ...history.find(isOf('row', { table: 'decision' }))!, subject: 'run-x' }],
    ],
    ['an event that nobody asked for', 'decision-unasked', withMessage(decided, { subject: 'run-x', id: 'other' })],
    ['two rows', 'row-twice', changed(isOf('row', { table: 'decision', subject: 'run-a' }), { count: 2 })],
    ['two decisions of one application', 'event-twice', withMessage(decided, { id: 'second' })],
    ['two explanations of one application', 'event-twice', withMessage(explained, { source: '/lisible/other' })],
    ['one id with two contents', 'event-changed', withMessage(decided, { hash: 'other' })],
    ['an event that says otherwise than the ledger', 'event-unlike-row', changed(decided, { probabilityOfDefault: 0.5 })],
    ['one event in two partitions', 'partition-changed', withMessage(decided, { partition: 1, offset: 0 })],
    ['explained before it was decided, by the broker', 'order-broken', changed(explained, { writtenAt: 1_600_000_000_000 })],
    ['decided before it was prepared, by its writer', 'order-broken', changed(decided, { happenedAt: 1_600_000_000_000 })],
    ['decided and never prepared', 'order-broken', without(isOf('event', { topic: topics.applicationPrepared, subject: 'run-a' }))],
    ['a call that never ended', 'call-unanswered', without(isOf('answer', { call: 'c3' }))],
    ['a message never acknowledged', 'call-unanswered', without(isOf('answer', { call: 'c1' }))],
    ['a caller who gave up', 'caller-unserved', changed(isOf('answer', { call: 'c4' }), { outcome: 'unfinished', status: 202 })],
    ['a good application refused', 'caller-unserved', changed(isOf('answer', { call: 'c3' }), { outcome: 'refused', status: 422 })],
    ['an answer unlike the ledger', 'answer-unlike-row', changed(isOf('answer', { call: 'c4' }), { decision: 'declined' })],
    ['a bad application taken', 'refusal-missing', changed(isOf('answer', { call: 'c5' }), { outcome: 'unfinished', status: 202 })],
    [
      'a broken message swallowed',
      'dead-letter-missing',
      letterWith({ origin: { topic: submittedTopic, partition: 2, offset: 8, source: '/stranger', id: 'bad' } }),
    ],
    ['a dead letter with another reason', 'dead-letter-wrong', letterWith({ reason: 'internal' })],
    [
      'a dead letter that names another message',
      'dead-letter-wrong',
      letterWith({ origin: { topic: submittedTopic, partition: 2, offset: 7, source: '/stranger', id: 'good' } }),
    ],
    ['a message among the dead letters that is none', 'dead-letter-wrong', changed(aDeadLetter, { deadLetter: undefined })],
    ['one broken message put aside twice', 'dead-letter-twice', withMessage(aDeadLetter, { id: 'again' })],
    [
      'a good message put aside',
      'dead-letter-unexpected',
      withMessage(aDeadLetter, {
        id: 'other',
        deadLetter: {
          reason: 'internal',
          consumer: 'scoring',
          attempts: 5,
          origin: { topic: topics.applicationPrepared, partition: 0, offset: 1, source: null, id: null },
        },
      }),
    ],
    ['a stream that missed a decision', 'stream-deaf', without(isOf('heard', { topic: topics.applicationDecided, subject: 'run-b' }))],
  ];

  it.each(planted)('goes red at %s: %s', (_, kind, plant) => {
    const { isValid, violations } = checkHistory(plant(makeHistory()));
    expect(isValid).toBe(false);
    expect(violations.map((violation) => violation.kind)).toContain(kind);
  });

  it('has been seen red for every kind of violation', () => {
    expect(new Set(planted.map(([, kind]) => kind))).toEqual(new Set(violationKinds));
  });

  it('leaves another run alone that is published again meanwhile', () => {
    expect(checkHistory(withMessage(decided, { subject: 'earlier-a', id: 'earlier' })(makeHistory())).isValid).toBe(true);
  });

  it('allows an unacknowledged application either fate, and a caller any number of tries', () => {
    const unknown = changed(isOf('answer', { call: 'c1' }), { outcome: 'unknown' })(makeHistory());
    expect(checkHistory(unknown).isValid).toBe(true);
    const gone = unknown.filter(
      (entry) => entry.kind === 'listening' || !('subject' in entry) || entry.subject !== 'run-a' || entry.kind === 'invoke',
    );
    const recounted = gone.map((entry): HistoryEntry => {
      if (entry.kind === 'table-read') return { ...entry, rows: 1 };
      if (entry.kind === 'topic-read' && entry.topic !== deadLetterTopic) return { ...entry, partitions: [{ partition: 0, low: 0, high: 1 }] };
      return entry;
    });
    expect(checkHistory(recounted).violations).toEqual([]);
  });
});
