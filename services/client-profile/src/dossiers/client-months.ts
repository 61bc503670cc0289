import type { ClientHistory } from '@lisible/contracts';

/** What a snapshot tells of a client month by month. */
export type MonthsSeries = Pick<ClientHistory, 'series'> & { readonly asOf: string };

/** Port: clients' pasts month by month, as of the population snapshot in force. */
export abstract class ClientMonths {
  /** Kinds that tell something of the client, oldest month first; null where no snapshot keeps months. */
  abstract find(clientId: string): Promise<MonthsSeries | null>;
}
