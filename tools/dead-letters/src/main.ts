import { deadLetterReasonSchema } from '@lisible/contracts';
import { EnvironmentError, brokerEnvironmentShape, openKafkaBroker, readEnvironment, toBrokerSettings } from '@lisible/platform';
import type { Broker } from '@lisible/platform';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { DeadLetterError, getDeadLetter, getOrigin, listDeadLetters, replay } from './dead-letters.ts';
import type { PutAside, Selection } from './dead-letters.ts';

const usage = `npm run dead-letters -- list [--reason R] [--consumer SERVICE] [--topic T] [--since DATE] [--json]
                                        messages that were put aside: why, by whom, where they lie
npm run dead-letters -- show ID [--message] [--json]
                                        one of them; with --message the bytes themselves (they may hold a client's data)
npm run dead-letters -- replay ID...    sends them once more to the consumer that had put them aside
npm run dead-letters -- replay --all [--reason R] [--consumer SERVICE] [--topic T] [--since DATE]

ID is the dead letter's, or enough of its beginning. Reasons: ${deadLetterReasonSchema.options.slice(0, 7).join(', ')}, or an error code.
The broker is the one that KAFKA_BROKERS names (npm run infra -- up prints it); KAFKA_TLS_*, KAFKA_SASL_* as for the services.`;

class UsageError extends Error {}

const readCommand = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        reason: { type: 'string' },
        consumer: { type: 'string' },
        topic: { type: 'string' },
        since: { type: 'string' },
        json: { type: 'boolean', default: false },
        message: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const readSelection = (values: Selection): Selection => {
  const { reason, consumer, topic, since } = values;
  if (reason !== undefined && !deadLetterReasonSchema.safeParse(reason).success)
    throw new UsageError(`${reason} is no reason; there are ${deadLetterReasonSchema.options.join(', ')}.`);
  if (since !== undefined && Number.isNaN(Date.parse(since)))
    throw new UsageError(`--since ${since} is no date (2026-11-26 or 2026-11-26T08:00:00Z).`);
  return { reason, consumer, topic, since };
};

const toLine = ({ deadLetterId, putAsideAt, reason, consumer, origin, attempts }: PutAside): string =>
  [
    deadLetterId.slice(0, 12),
    putAsideAt,
    reason.padEnd(20),
    consumer.padEnd(14),
    `${origin.topic}/${origin.partition}/${origin.offset}`,
    ...(origin.id === undefined ? [] : [`${origin.source ?? ''} ${origin.id}`]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ].join('  ');

const work = async (broker: Broker): Promise<void> => {
  const { values, positionals } = readCommand();
  const [command, ...ids] = positionals;
  const selection = readSelection(values);
  if (command === 'list' && ids.length === 0) {
    const letters = await listDeadLetters(broker, selection);
    if (values.json) for (const letter of letters) console.log(JSON.stringify(letter));
    else console.log(letters.length === 0 ? 'No dead letters.' : letters.map(toLine).join('\n'));
    return;
  }
  if (command === 'show' && ids[0] !== undefined && ids.length === 1) {
    const letter = await getDeadLetter(broker, ids[0]);
    console.log(
      values.json
        ? JSON.stringify(letter)
        : Object.entries({ ...letter, ...letter.origin, origin: undefined })
            .flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(12)}  ${String(value)}`]))
            .join('\n'),
    );
    if (values.message) console.log(Buffer.from((await getOrigin(broker, letter)).value ?? []).toString('utf8'));
    return;
  }
  if (command === 'replay' && values.all !== ids.length > 0) {
    const letters = values.all ? await listDeadLetters(broker, selection) : await Promise.all(ids.map((id) => getDeadLetter(broker, id)));
    await replay(broker, letters);
    console.log(`sent once more: ${letters.length}`);
    return;
  }
  throw new UsageError('One of list, show ID, replay ID... or replay --all is needed.');
};

const main = async (): Promise<number> => {
  let broker: Broker | null = null;
  try {
    const settings = toBrokerSettings(readEnvironment(z.object(brokerEnvironmentShape)), 'lisible-dead-letters');
    broker = openKafkaBroker(settings, () => undefined);
    await work(broker);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`);
    else if (error instanceof DeadLetterError || error instanceof EnvironmentError) console.error(error.message);
    else console.error(`The broker could not be asked: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await broker?.close();
  }
};

process.exitCode = await main();
