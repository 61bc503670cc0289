import type { Application, DataQualityNote } from '@lisible/contracts';
import type { UnitOfWork } from '@lisible/platform';
import type { DossierFilter, DossierPage, DossierRecord, DossierSource, ListWindow } from './dossier-source.ts';
import type { ClientProfileTables } from './tables.ts';

export interface NewApplication {
  readonly application: Application;
  readonly receivedAt: Date;
  readonly contentHash: string;
  readonly dataQuality: readonly DataQualityNote[];
}

export interface ReceivedApplication {
  readonly applicationId: string;
  readonly clientId: string;
  readonly receivedAt: Date;
  readonly contentHash: string;
}

export interface StoreOutcome {
  readonly isNew: boolean;
  readonly stored: ReceivedApplication;
}

/** Port: the applications that came through the door. */
export abstract class ApplicationRecords implements DossierSource {
  /**
   * Stores each unless its identifier is taken, also by an earlier one of the same list; says of each, in their order, which application
   * stands under the identifier, and whether it is this one.
   */
  abstract store(unit: UnitOfWork<ClientProfileTables>, applications: readonly NewApplication[]): Promise<readonly StoreOutcome[]>;
  abstract find(applicationId: string): Promise<ReceivedApplication | null>;
  abstract count(filter: DossierFilter): Promise<number>;
  abstract list(filter: DossierFilter, window: ListWindow, total?: number): Promise<DossierPage>;
  abstract listOfClient(clientId: string): Promise<readonly DossierRecord[]>;
}
