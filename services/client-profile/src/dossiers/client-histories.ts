import type { Catalogue, HistoryRow } from '@lisible/credit';

/** Port: what the history tables say of a client, as of the population snapshot in force. */
export abstract class ClientHistories {
  /** Null for a client in no snapshot: a new client. */
  abstract find(clientId: string): Promise<HistoryRow | null>;
}

/** A lender without history tables misses none. */
export const isHistoryMissing = ({ historyFields }: Pick<Catalogue, 'historyFields'>, history: HistoryRow | null): boolean =>
  historyFields.length > 0 && history === null;
