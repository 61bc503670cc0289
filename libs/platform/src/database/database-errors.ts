import { findErrorCode } from '../errors.ts';

/** PostgreSQL refused a statement. `code` is its SQLSTATE; the quoted values of its `detail` are left out. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  readonly code: string | undefined;
  readonly table: string | undefined;
  readonly constraint: string | undefined;
  readonly column: string | undefined;

  constructor(failure: StatementFailure) {
    super(failure.message);
    this.code = failure.code;
    this.table = failure.table;
    this.constraint = failure.constraint;
    this.column = failure.column;
  }
}

export interface StatementFailure {
  readonly message: string;
  readonly code?: string | undefined;
  readonly table?: string | undefined;
  readonly constraint?: string | undefined;
  readonly column?: string | undefined;
}

/** The database is closed or its worker died: nothing can be read or written any more in this process. */
export class DatabaseClosedError extends Error {
  override readonly name: string = 'DatabaseClosedError';
}

/** The embedded database ended though nobody closed it: its worker is gone, or PostgreSQL in it panicked. What was committed is in its folder. */
export class DatabaseEndedError extends DatabaseClosedError {
  override readonly name = 'DatabaseEndedError';
}

/** PostgreSQL cannot be reached, or the connection was lost in the middle: what was asked last may or may not have been done. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

/** SQLSTATE classes that pass by themselves: connection (08), serialisation and deadlock (40), resources (53), operator (57), system (58). */
const transientClasses = ['08', '40', '53', '57', '58'];
/** Single states: a lock that was not given in time, a transaction that was left open too long, a server that only reads until it takes over. */
const transientStates = ['55P03', '25P03', '25006'];

/** True when the same statement may succeed later: the fault lies with the database, not with the statement. */
export const isDatabaseUnavailable = (error: unknown): boolean => {
  if (error instanceof DatabaseClosedError || error instanceof DatabaseUnavailableError) return true;
  const code = findErrorCode(error);
  if (code === null) return false;
  if (!/^[0-9A-Z]{5}$/.test(code)) return networkCodes.includes(code);
  return transientClasses.includes(code.slice(0, 2)) || transientStates.includes(code);
};

/** Node's codes of a connection that could not be made or was lost. */
const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'EPIPE'];
