import type { UnitOfWork } from '../events/unit-of-work.ts';

/** For commands that come over HTTP: effects and outgoing events in one transaction, then the courier is woken. */
export class Transactions<Tables> {
  readonly #run: <T>(work: (unit: UnitOfWork<Tables>) => Promise<T>) => Promise<T>;

  constructor(run: <T>(work: (unit: UnitOfWork<Tables>) => Promise<T>) => Promise<T>) {
    this.#run = run;
  }

  /** Every event is new to a command. The work may not call anything but SQL: one transaction at a time runs in embedded mode. */
  run<T>(work: (unit: UnitOfWork<Tables>) => Promise<T>): Promise<T> {
    return this.#run(work);
  }
}
