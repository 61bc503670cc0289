import type { ServiceName } from '@lisible/contracts';
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import { noCrash } from '../crash-point.ts';
import type { CrashPoint } from '../crash-point.ts';
import type { Courier } from '../events/courier.ts';
import { EventStore } from '../events/event-store.ts';
import { OutgoingUnit } from '../events/outgoing.unit.ts';
import type { UnitOfWork } from '../events/unit-of-work.ts';
import type { Database } from './database.ts';

export interface TransactionsOptions {
  readonly service: ServiceName;
  readonly database: Database;
  readonly courier: Pick<Courier, 'wake' | 'isRelayed'>;
  readonly clock: Clock;
  readonly crashPoint?: CrashPoint;
}

/** For commands that come over HTTP: effects and outgoing events in one transaction, then the courier is woken. */
export class Transactions<Tables> {
  readonly #options: TransactionsOptions;
  readonly #database: Kysely<Tables>;
  readonly #store: EventStore;

  constructor(options: TransactionsOptions) {
    this.#options = options;
    this.#database = options.database.forService<Tables>(options.service);
    this.#store = new EventStore(this.#database, options.service);
  }

  /** Every event is new to a command. The work holds SQL only: in embedded mode one transaction at a time runs for the whole process. */
  async run<T>(work: (unit: UnitOfWork<Tables>) => Promise<T>): Promise<T> {
    const { service, clock, courier, crashPoint = noCrash } = this.#options;
    const { result, rows, unit } = await this.#database.transaction().execute(async (transaction) => {
      const opened = new OutgoingUnit(transaction, service, clock, null);
      const worked = await work(opened);
      crashPoint('before-commit');
      const appended = await this.#store.appendOutbox(transaction, opened.entries, { forRelay: courier.isRelayed === true });
      return { result: worked, rows: appended, unit: opened };
    });
    crashPoint('after-commit');
    unit.committed();
    crashPoint('before-wake');
    courier.wake(rows);
    return result;
  }
}
