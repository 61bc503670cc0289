import type { Application, ClientListItem, ClientListQuery, DataQualityNote } from '@lisible/contracts';

/** One application or past loan with all that a dossier shows of it. */
export interface DossierRecord {
  readonly item: ClientListItem;
  readonly application: Application;
  readonly dataQuality: readonly DataQualityNote[];
  readonly defaulted: 0 | 1 | null;
  /** ISO 8601: when this became known (an application: received; a past loan: the snapshot's date). */
  readonly asOf: string;
}

export interface DossierFilter {
  /** Already a `searchKey`; matches any part of an identifier or name. Null matches all. */
  readonly searchKey: string | null;
  readonly sort: ClientListQuery['sort'];
}

/** Rows in sort order, ties by applicationId in code-unit order; a missing credit amount comes last. */
export interface DossierSource {
  count(filter: DossierFilter): Promise<number>;
  list(filter: DossierFilter, window: { readonly offset: number; readonly limit: number }): Promise<readonly ClientListItem[]>;
  /** All of one client's, in no order; empty when it has none here. */
  listOfClient(clientId: string): Promise<readonly DossierRecord[]>;
}
