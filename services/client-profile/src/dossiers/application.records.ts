import type { Application, DataQualityNote } from '@lisible/contracts';
import type { UnitOfWork } from '@lisible/platform';
import type { DossierFilter, DossierRecord, DossierSource } from './dossier-source.ts';
import type { ClientListItem } from '@lisible/contracts';
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

/** Port: the applications that came through the door. */
export abstract class ApplicationRecords implements DossierSource {
  /** Stores it unless its identifier is taken; says which application stands under the identifier, and whether it is this one. */
  abstract store(
    unit: UnitOfWork<ClientProfileTables>,
    application: NewApplication,
  ): Promise<{ readonly isNew: boolean; readonly stored: ReceivedApplication }>;
  abstract find(applicationId: string): Promise<ReceivedApplication | null>;
  abstract count(filter: DossierFilter): Promise<number>;
  abstract list(filter: DossierFilter, window: { readonly offset: number; readonly limit: number }): Promise<readonly ClientListItem[]>;
  abstract listOfClient(clientId: string): Promise<readonly DossierRecord[]>;
}
