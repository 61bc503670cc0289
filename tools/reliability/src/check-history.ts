import { deadLetterTopic, topics } from '@lisible/contracts';
import type { EntryOf, HistoryEntry } from './history.ts';

/** What can be wrong with a run; closed. */
export const violationKinds = [
  'history-incomplete',
  'application-lost',
  'decision-lost',
  'explanation-lost',
  'event-lost',
  'decision-unasked',
  'row-twice',
  'event-twice',
  'event-changed',
  'event-unlike-row',
  'partition-changed',
  'order-broken',
  'call-unanswered',
  'caller-unserved',
  'answer-unlike-row',
  'refusal-missing',
  'dead-letter-missing',
  'dead-letter-wrong',
  'dead-letter-twice',
  'dead-letter-unexpected',
  'stream-deaf',
] as const;
export type ViolationKind = (typeof violationKinds)[number];

export interface Violation {
  readonly kind: ViolationKind;
  /** Application, topic or call that it is about. */
  readonly subject: string;
  readonly detail: string;
}

export interface Verdict {
  readonly isValid: boolean;
  readonly violations: readonly Violation[];
  readonly counts: {
    readonly submitted: number;
    readonly decided: number;
    readonly explained: number;
    /** Messages of ours beyond the first of the same (source, id): published again after a death, absorbed by the inbox. */
    readonly republished: number;
    readonly deadLetters: number;
    readonly callers: number;
    /** Callers whose first call brought the explained decision. */
    readonly servedAtOnce: number;
    readonly kills: number;
    readonly events: number;
  };
}

/** The process whose entries are the last look: every topic and table, once everything was quiet. */
export const lastLook = 'last-look';

const chain = [topics.applicationPrepared, topics.applicationDecided, topics.decisionExplained] as const;
const tablesOfChain = ['application', 'decision', 'explanation'] as const;
/** Two clocks of one machine read by two processes; what happens after cannot carry an earlier time than this. */
const clockToleranceMs = 1;

/**
 * Decides from a history alone whether anything was lost, doubled, reordered, left unanswered or put aside wrongly.
 * It needs a run with an end, and a last look at every topic and table: what it cannot see it does not believe.
 */
export function checkHistory(entries: readonly HistoryEntry[]): Verdict {
  const violations: Violation[] = [];
  const report = (kind: ViolationKind, subject: string, detail: string): void => {
    violations.push({ kind, subject, detail });
  };
  const history = sortOut(entries);
  checkWhole(history, report);
  checkTables(history, report);
  const events = checkTopics(history, report);
  checkOrder(events, report);
  checkCalls(history, report);
  checkDeadLetters(history, report);
  checkStreams(history, report);
  const callers = listCallers(history);
  return {
    isValid: violations.length === 0,
    violations,
    counts: {
      submitted: history.submitted.size,
      decided: history.rows.decision.size,
      explained: history.rows.explanation.size,
      republished: chain.reduce((sum, topic) => sum + history.finalEvents(topic).length - distinctEvents(history.finalEvents(topic)).size, 0),
      deadLetters: history.finalEvents(deadLetterTopic).length,
      callers: callers.length,
      servedAtOnce: callers.filter(({ calls }) => calls[0]?.answer?.outcome === 'ok').length,
      kills: entries.filter((entry) => entry.kind === 'fault' && (entry.fault === 'kill' || entry.fault === 'crash')).length,
      events: entries.length,
    },
  };
}

type Report = (kind: ViolationKind, subject: string, detail: string) => void;
type Event = EntryOf<'event'>;
type Row = EntryOf<'row'>;
type TableName = Row['table'];

interface Call {
  readonly invoke: EntryOf<'invoke'>;
  readonly answer: EntryOf<'answer'> | undefined;
}

interface SortedHistory {
  readonly entries: readonly HistoryEntry[];
  readonly calls: readonly Call[];
  /** Whether an event is this run's affair: another run's may be published again meanwhile. */
  readonly isOurs: (event: Event) => boolean;
  /** Applications that the platform has taken on: it acknowledged one call or message about them at least. */
  readonly submitted: ReadonlySet<string>;
  /** Applications that somebody tried to submit, acknowledged or not. */
  readonly tried: ReadonlySet<string>;
  readonly rows: Readonly<Record<TableName, ReadonlyMap<string, readonly Row[]>>>;
  readonly finalEvents: (topic: string) => readonly Event[];
  readonly liveEvents: readonly Event[];
}

const sortOut = (entries: readonly HistoryEntry[]): SortedHistory => {
  const answers = new Map(entries.flatMap((entry) => (entry.kind === 'answer' ? [[entry.call, entry] as const] : [])));
  const calls = entries.flatMap((entry): readonly Call[] => (entry.kind === 'invoke' ? [{ invoke: entry, answer: answers.get(entry.call) }] : []));
  const good = calls.filter(({ invoke }) => invoke.expected === 'decision' && invoke.action !== 'read');
  const taken = good.filter(({ answer }) => answer?.outcome === 'ok' || answer?.outcome === 'unfinished');
  const rows: Record<TableName, Map<string, Row[]>> = { application: new Map(), decision: new Map(), explanation: new Map() };
  const finals = new Map<string, Event[]>();
  const live: Event[] = [];
  const prefix = entries.find((entry) => entry.kind === 'run')?.prefix ?? '';
  for (const entry of entries) {
    if (entry.kind === 'row') addTo(rows[entry.table], entry.subject, entry);
    if (entry.kind === 'event') {
      if (entry.process === lastLook) addTo(finals, entry.topic, entry);
      else live.push(entry);
    }
  }
  return {
    entries,
    calls,
    submitted: new Set(taken.map(({ invoke }) => invoke.subject)),
    tried: new Set(good.map(({ invoke }) => invoke.subject)),
    rows,
    finalEvents: (topic) => finals.get(topic) ?? [],
    liveEvents: live,
    isOurs: ({ subject }) => subject.startsWith(prefix),
  };
};

const addTo = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
};

/** A verdict on half a record would be worth nothing. */
const checkWhole = ({ entries, finalEvents, rows }: SortedHistory, report: Report): void => {
  const count = (kind: HistoryEntry['kind']): number => entries.filter((entry) => entry.kind === kind).length;
  if (count('run') !== 1) report('history-incomplete', 'run', `${count('run')} runs begin in it`);
  if (count('end') !== 1) report('history-incomplete', 'end', `it ends ${count('end')} times`);
  if (count('invoke') === 0) report('history-incomplete', 'invoke', 'nothing was asked');
  const starts = new Map(entries.filter((entry) => entry.kind === 'topic-start').map(({ topic, partitions }) => [topic, partitions]));
  const startOf = (topic: string, partition: number): number | undefined => starts.get(topic)?.find((start) => start.partition === partition)?.next;
  for (const topic of [...chain, deadLetterTopic]) {
    const reads = entries.filter((entry) => entry.kind === 'topic-read').filter((entry) => entry.topic === topic && entry.process === lastLook);
    const [read] = reads;
    if (read === undefined || reads.length > 1) {
      report('history-incomplete', topic, `read whole ${reads.length} times`);
      continue;
    }
    for (const { partition, low, high } of read.partitions) {
      const seen = new Set(finalEvents(topic).flatMap((event) => (event.partition === partition ? [event.offset] : [])));
      if (low !== startOf(topic, partition))
        report('history-incomplete', topic, `partition ${partition} was read from ${low}, the run began at ${startOf(topic, partition)}`);
      if (seen.size !== high - low)
        report('history-incomplete', topic, `partition ${partition} holds ${high - low} messages, ${seen.size} were read`);
    }
  }
  for (const table of tablesOfChain) {
    const [read] = entries.filter((entry) => entry.kind === 'table-read').filter((entry) => entry.table === table);
    if (read?.rows !== rows[table].size)
      report('history-incomplete', table, `${rows[table].size} rows are recorded of ${read?.rows ?? 'a table that was not read'}`);
  }
};

const lossOf = { application: 'application-lost', decision: 'decision-lost', explanation: 'explanation-lost' } as const;

const checkTables = ({ submitted, tried, rows }: SortedHistory, report: Report): void => {
  for (const table of tablesOfChain) {
    for (const subject of submitted) if (!rows[table].has(subject)) report(lossOf[table], subject, `acknowledged, and not in the table of ${table}s`);
    for (const [subject, found] of rows[table]) {
      const count = found.reduce((sum, row) => sum + row.count, 0);
      if (count !== 1) report('row-twice', subject, `${count} rows in the table of ${table}s`);
      if (!tried.has(subject)) report('decision-unasked', subject, `in the table of ${table}s, and nobody submitted it`);
    }
  }
};

const distinctEvents = (events: readonly Event[]): ReadonlyMap<string, readonly Event[]> => {
  const distinct = new Map<string, Event[]>();
  for (const event of events) addTo(distinct, JSON.stringify([event.source, event.id]), event);
  return distinct;
};

type FirstEvents = ReadonlyMap<string, Event>;

/** Every row has exactly one event of its own on the topic, and the other way round. Returns the first of each topic by application. */
const checkTopics = ({ rows, finalEvents, liveEvents, tried, isOurs }: SortedHistory, report: Report): readonly FirstEvents[] => {
  const firsts = chain.map((topic, index) => {
    const table = tablesOfChain[index] ?? 'application';
    const bySubject = new Map<string, Event[]>();
    for (const appearances of distinctEvents(finalEvents(topic).filter(isOurs)).values()) {
      const first = appearances.reduce((earliest, event) => (event.writtenAt < earliest.writtenAt ? event : earliest));
      addTo(bySubject, first.subject, first);
      if (new Set(appearances.map(({ hash }) => hash)).size > 1) report('event-changed', first.subject, `${topic} holds one id with two contents`);
      const partitions = new Set(appearances.map(({ partition }) => partition));
      if (partitions.size > 1) report('partition-changed', first.subject, `${topic} holds it in partitions ${[...partitions].join(' and ')}`);
    }
    for (const subject of rows[table].keys())
      if (!bySubject.has(subject)) report('event-lost', subject, `recorded by its owner, and not on ${topic}`);
    for (const [subject, events] of bySubject) {
      if (events.length > 1) report('event-twice', subject, `${events.length} distinct events on ${topic}`);
      if (!tried.has(subject)) report('decision-unasked', subject, `on ${topic}, and nobody submitted it`);
      const row = rows[table].get(subject)?.[0];
      const isOther = events.some(
        ({ decision, probabilityOfDefault }) => decision !== row?.decision || probabilityOfDefault !== row?.probabilityOfDefault,
      );
      if (row === undefined || isOther) report('event-unlike-row', subject, `${topic} says otherwise than the table of ${table}s`);
    }
    return new Map([...bySubject].flatMap(([subject, [first]]) => (first === undefined ? [] : [[subject, first] as const])));
  });
  const present = new Set([...chain, deadLetterTopic].flatMap((topic) => finalEvents(topic).map(placeOf)));
  for (const event of liveEvents)
    if (!present.has(placeOf(event)))
      report('event-lost', event.subject, `was read from ${event.topic} at ${event.partition}:${event.offset}, where it no longer is`);
  return firsts;
};

const placeOf = ({ topic, partition, offset, hash }: Event): string => `${topic} ${partition} ${offset} ${hash}`;

/** An application is prepared before it is decided, decided before it is explained: by its writers' clocks and by the broker's. */
const checkOrder = ([prepared, decided, explained]: readonly FirstEvents[], report: Report): void => {
  const follow = (earlier: FirstEvents | undefined, later: FirstEvents | undefined): void => {
    for (const [subject, after] of later ?? []) {
      const before = earlier?.get(subject);
      if (before === undefined) report('order-broken', subject, `on ${after.topic}, and not on the topic that it follows from`);
      else if (after.happenedAt < before.happenedAt - clockToleranceMs || after.writtenAt < before.writtenAt - clockToleranceMs)
        report('order-broken', subject, `on ${after.topic} before it was on ${before.topic}`);
    }
  };
  follow(prepared, decided);
  follow(decided, explained);
};

interface Caller {
  readonly subject: string;
  readonly calls: readonly Call[];
}

/** Whoever waited at the door for an application, with every call made for it, in their order. */
const listCallers = ({ calls }: SortedHistory): readonly Caller[] => {
  const bySubject = new Map<string, Call[]>();
  for (const call of calls) if (call.invoke.action !== 'publish' && call.invoke.expected === 'decision') addTo(bySubject, call.invoke.subject, call);
  return [...bySubject].map(([subject, made]) => ({ subject, calls: made }));
};

const checkCalls = (history: SortedHistory, report: Report): void => {
  const { calls, rows } = history;
  for (const { invoke, answer } of calls) {
    if (answer === undefined) report('call-unanswered', invoke.subject, `${invoke.action} ${invoke.call} to ${invoke.to} never ended`);
    if (invoke.expected === 'refusal' && answer?.outcome !== 'refused')
      report('refusal-missing', invoke.subject, `${invoke.call} ended ${answer?.outcome ?? 'never'}`);
    if (invoke.expected === 'decision' && answer?.outcome === 'refused') report('caller-unserved', invoke.subject, `refused with ${answer.status}`);
    if (invoke.action === 'publish' || answer?.outcome !== 'ok' || invoke.expected !== 'decision') continue;
    const row = rows.decision.get(invoke.subject)?.[0];
    if (row?.decision !== answer.decision || row?.probabilityOfDefault !== answer.probabilityOfDefault)
      report('answer-unlike-row', invoke.subject, `${invoke.call} was answered ${answer.decision}, the ledger says ${row?.decision ?? 'nothing'}`);
  }
  for (const { subject, calls: made } of listCallers(history))
    if (made.every(({ answer }) => answer?.outcome !== 'ok'))
      report('caller-unserved', subject, `${made.length} calls, none answered with the explained decision`);
};

/** Dead letters are those that were provoked, each once, each with its reason and the place and name of what it is about. */
const checkDeadLetters = ({ calls, finalEvents }: SortedHistory, report: Report): void => {
  const place = (topic: string, partition: number, offset: number): string => `${topic} ${partition}:${offset}`;
  const byOrigin = new Map<string, Event[]>();
  for (const appearances of distinctEvents(finalEvents(deadLetterTopic)).values()) {
    const [event] = appearances;
    if (event?.deadLetter === undefined) {
      report('dead-letter-wrong', event?.subject ?? '', 'a message on the topic of dead letters is none');
      continue;
    }
    const { origin } = event.deadLetter;
    addTo(byOrigin, place(origin.topic, origin.partition, origin.offset), event);
  }
  const expectedPlaces = new Set<string>();
  for (const { invoke, answer } of calls) {
    if (typeof invoke.expected === 'string' || answer?.partition === undefined || answer.offset === undefined) continue;
    const origin = place(invoke.to, answer.partition, answer.offset);
    expectedPlaces.add(origin);
    const [found, ...more] = byOrigin.get(origin) ?? [];
    if (found?.deadLetter === undefined) {
      report('dead-letter-missing', invoke.subject, `${invoke.expected.deadLetter}, for ${origin}`);
      continue;
    }
    if (more.length > 0) report('dead-letter-twice', invoke.subject, `${more.length + 1} for ${origin}`);
    const { reason, origin: named } = found.deadLetter;
    if (reason !== invoke.expected.deadLetter)
      report('dead-letter-wrong', invoke.subject, `${reason} instead of ${invoke.expected.deadLetter}, for ${origin}`);
    const isOtherName = (invoke.source !== undefined && named.source !== invoke.source) || (invoke.id !== undefined && named.id !== invoke.id);
    if (isOtherName) report('dead-letter-wrong', invoke.subject, `${origin} is named ${named.source} ${named.id}`);
  }
  for (const [origin, [event]] of byOrigin)
    if (!expectedPlaces.has(origin)) report('dead-letter-unexpected', event?.subject ?? '', `${event?.deadLetter?.reason ?? ''}, for ${origin}`);
};

/** Between a stream's first word and what it must have heard. */
const listeningMs = 5_000;
/** How long an announcement may take: a gateway may have to find a broker again that was away, and may die before it has. */
const announcedWithinMs = 20_000;

/**
 * A live stream hears of every decision and explanation that came while it was open (its gateway may die: its listener opens another).
 * What was read from the topic between one stream's opening and the same stream's end must have been heard by it, with a margin at
 * both ends for what was on its way.
 */
const checkStreams = ({ entries, liveEvents, isOurs }: SortedHistory, report: Report): void => {
  const heard = new Map<string, Set<string>>();
  const openedAt = new Map<string, number>();
  const endedAt = new Map<string, number>();
  let lastMoment = 0;
  for (const entry of entries) {
    lastMoment = Math.max(lastMoment, entry.at);
    if (entry.kind === 'listening') (entry.isOpen ? openedAt : endedAt).set(entry.stream, entry.at);
    if (entry.kind === 'heard') {
      const known = heard.get(entry.stream) ?? new Set();
      heard.set(entry.stream, known.add(`${entry.topic} ${entry.subject}`));
    }
  }
  for (const [stream, from] of openedAt) {
    const until = endedAt.get(stream) ?? lastMoment;
    const missed = liveEvents
      .filter(isOurs)
      .filter(
        ({ at, topic, subject }) =>
          (topic === topics.applicationDecided || topic === topics.decisionExplained) &&
          at > from + listeningMs &&
          at < until - announcedWithinMs &&
          heard.get(stream)?.has(`${topic} ${subject}`) !== true,
      );
    if (missed.length > 0) report('stream-deaf', stream, `${missed.length} announcements missed, the first about ${missed[0]?.subject}`);
  }
};
