import type { ClientListItem } from '@lisible/contracts';
import type { DossierFilter, DossierRecord, DossierSource } from './dossier-source.ts';

/** Port: the past loans of the current population snapshot; without a snapshot there are none. */
export abstract class PastLoans implements DossierSource {
  abstract count(filter: DossierFilter): Promise<number>;
  abstract list(filter: DossierFilter, window: { readonly offset: number; readonly limit: number }): Promise<readonly ClientListItem[]>;
  abstract listOfClient(clientId: string): Promise<readonly DossierRecord[]>;
}
