import type { DossierFilter, DossierPage, DossierRecord, DossierSource, ListWindow } from './dossier-source.ts';

/** Port: the past loans of the current population snapshot; without a snapshot there are none. */
export abstract class PastLoans implements DossierSource {
  abstract count(filter: DossierFilter): Promise<number>;
  abstract list(filter: DossierFilter, window: ListWindow): Promise<DossierPage>;
  abstract listOfClient(clientId: string): Promise<readonly DossierRecord[]>;
}
