import { historyMonthsKept } from '@lisible/contracts';
import type { ClientHistory } from '@lisible/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ClientMonths } from '../dossiers/client-months.ts';
import { ReadClient } from './read-client.ts';

const silences = {
  unknown: {
    fr: 'Aucun historique de ce client n’est connu : ni crédit passé, ni paiement, ni fichier de crédit.',
    en: 'Nothing is known of this client’s past: no loan, no payment, no credit bureau record.',
  },
  notKept: {
    fr: 'Les données en service ne gardent pas l’historique mois par mois ; ses totaux figurent parmi les informations du client.',
    en: 'The data in use keep no history month by month; its totals stand among the client’s information.',
  },
  noMonths: {
    fr: 'Aucun mois n’est connu de ce client sur les quatre dernières années.',
    en: 'No month of the last four years is known of this client.',
  },
};

/** A client's past month by month, for the charts of one dossier. */
@Injectable()
export class ReadHistory {
  constructor(
    @Inject(ReadClient) private readonly clients: ReadClient,
    @Inject(ClientMonths) private readonly months: ClientMonths,
  ) {}

  /** @throws RejectedError `client-not-found` or `application-not-found` */
  async execute(clientId: string, applicationId?: string): Promise<ClientHistory> {
    const [{ currency, isHistoryMissing }, found] = await Promise.all([this.clients.execute(clientId, applicationId), this.months.find(clientId)]);
    // A dossier that was decided without a past shows none.
    const series = isHistoryMissing ? [] : (found?.series ?? []);
    const silence = isHistoryMissing ? silences.unknown : found === null ? silences.notKept : series.length === 0 ? silences.noMonths : null;
    return { clientId, currency, monthsKept: historyMonthsKept, series, silence, asOf: found?.asOf ?? null };
  }
}
