import type { ClientRecord } from '@lisible/contracts';
import { computeFeatures } from '@lisible/credit';
import type { Catalogue, HistoryRow } from '@lisible/credit';
import { RejectedError } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CATALOGUE } from '../catalogue.ts';
import { ApplicationRecords } from '../dossiers/application.records.ts';
import { ClientHistories, isHistoryMissing } from '../dossiers/client-histories.ts';
import type { DossierRecord } from '../dossiers/dossier-source.ts';
import { PastLoans } from '../dossiers/past-loans.ts';

/** What is known of one client: one of their applications or past loans in full, and the list of the others. */
@Injectable()
export class ReadClient {
  constructor(
    @Inject(ApplicationRecords) private readonly applications: ApplicationRecords,
    @Inject(PastLoans) private readonly pastLoans: PastLoans,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(ClientHistories) private readonly histories: ClientHistories,
  ) {}

  /** @throws RejectedError `client-not-found`, or `application-not-found` when the client has none under that identifier. */
  async execute(clientId: string, applicationId?: string): Promise<ClientRecord> {
    const [applications, pastLoans, history] = await Promise.all([
      this.applications.listOfClient(clientId),
      this.pastLoans.listOfClient(clientId),
      this.histories.find(clientId),
    ]);
    const latestFirst = [...applications, ...pastLoans].sort((a, b) => Date.parse(b.item.submittedAt) - Date.parse(a.item.submittedAt));
    const [latest] = latestFirst;
    if (latest === undefined)
      throw new RejectedError('client-not-found', { fr: 'Aucun client ne porte cet identifiant.', en: 'No client bears this identifier.' });
    const chosen = applicationId === undefined ? latest : latestFirst.find(({ item }) => item.applicationId === applicationId);
    if (chosen === undefined) {
      throw new RejectedError('application-not-found', {
        fr: 'Ce client n’a pas de demande sous cet identifiant.',
        en: 'This client has no application under this identifier.',
      });
    }
    return this.toRecord(chosen, history, [...new Set(latestFirst.map(({ item }) => item.applicationId))]);
  }

  private toRecord(
    { item, application, dataQuality, defaulted, asOf }: DossierRecord,
    found: HistoryRow | null,
    applicationIds: string[],
  ): ClientRecord {
    // An application decided before its client's past was known keeps showing none, as it was decided.
    const history = item.kind === 'application' && dataQuality.some(({ kind }) => kind === 'history-missing') ? null : found;
    const isMissing = isHistoryMissing(this.catalogue, history);
    return {
      clientId: item.clientId,
      displayName: item.displayName,
      kind: item.kind,
      applicationId: item.applicationId,
      applicationIds,
      branchId: application.branchId ?? null,
      submittedAt: item.submittedAt,
      currency: item.currency,
      catalogueVersion: this.catalogue.version,
      fields: Object.fromEntries(this.catalogue.fields.map(({ name }) => [name, application[name] ?? null])),
      features: computeFeatures(this.catalogue, application, history),
      isHistoryMissing: isMissing,
      dataQuality: dataQuality.filter(({ kind }) => kind !== 'history-missing' || isMissing),
      defaulted,
      asOf,
    };
  }
}
