import type { Application, ClientListItem, CohortFilter, DataQualityNote, DossierKind } from '@lisible/contracts';

/** One application or past loan with all that a dossier shows of it. */
export interface DossierRecord {
  readonly item: ClientListItem;
  readonly application: Application;
  readonly dataQuality: readonly DataQualityNote[];
  readonly defaulted: 0 | 1 | null;
  /** ISO 8601: when this became known (an application: received; a past loan: the snapshot's date). */
  readonly asOf: string;
}

/** The place in a list after which the next rows come; it holds whether or not the row that it was made of is still there. */
export interface ListCursor {
  /** What the list is sorted by, of the last row shown; NaN where it is missing. */
  readonly value: number;
  readonly applicationId: string;
  readonly kind: DossierKind;
}

export interface DossierFilter {
  /** Already a `searchKey`; matches any part of an identifier or name. Null matches all. */
  readonly searchKey: string | null;
  /** On fields; all of them hold. */
  readonly filters: readonly CohortFilter[];
  /** `submittedAt` (milliseconds since 1970) or a field, by the number it is compared as. */
  readonly sort: string;
  readonly isDescending: boolean;
  /** Rows after it only. */
  readonly after: ListCursor | null;
  /** Fields whose values the rows are to carry. */
  readonly columns: readonly string[];
}

export interface ListedDossier {
  readonly item: ClientListItem;
  /** What the list is sorted by; NaN where it is missing. */
  readonly sortValue: number;
}

export interface DossierPage {
  /** Of all that match, the cursor aside. */
  readonly total: number;
  readonly rows: readonly ListedDossier[];
}

export interface ListWindow {
  readonly offset: number;
  readonly limit: number;
}

/** Rows in sort order, ties by applicationId in code-unit order; what is missing comes last. */
export interface DossierSource {
  /** Of all that match, the cursor aside. */
  count(filter: DossierFilter): Promise<number>;
  /** `total`: what `count` has just said, where the caller asked. */
  list(filter: DossierFilter, window: ListWindow, total?: number): Promise<DossierPage>;
  /** All of one client's, in no order; empty when it has none here. */
  listOfClient(clientId: string): Promise<readonly DossierRecord[]>;
}

/** Applications come before past loans that bear the same identifier. */
const kinds: readonly DossierKind[] = ['application', 'past-loan'];
export const compareKinds = (a: DossierKind, b: DossierKind): number => kinds.indexOf(a) - kinds.indexOf(b);
