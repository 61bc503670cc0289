import type { Application, DataQualityNote, PreparedInputs, SimulatedApplication } from '@lisible/contracts';
import type { HistoryRow } from '@lisible/credit';
import { RejectedError } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ApplicationRecords } from '../dossiers/application.records.ts';
import { ClientHistories } from '../dossiers/client-histories.ts';
import { InputPreparation } from '../dossiers/input-preparation.ts';
import { PastLoans } from '../dossiers/past-loans.ts';

/** An application as it was decided, with its client's past. */
export interface DecidedApplication {
  readonly application: Application;
  readonly dataQuality: readonly DataQualityNote[];
  /** Null where it was decided without one. */
  readonly history: HistoryRow | null;
  readonly inputs: PreparedInputs;
}

/** Applications that can be asked « what if », and the inputs that a change of them gives: through the same preparation as real ones. */
@Injectable()
export class SimulatedApplications {
  constructor(
    @Inject(ApplicationRecords) private readonly applications: ApplicationRecords,
    @Inject(PastLoans) private readonly pastLoans: PastLoans,
    @Inject(ClientHistories) private readonly histories: ClientHistories,
    @Inject(InputPreparation) private readonly preparation: InputPreparation,
  ) {}

  /** @throws RejectedError `application-not-found`; `request-invalid` for a past loan, which has ended. */
  async get({ clientId, applicationId }: SimulatedApplication): Promise<DecidedApplication> {
    const [records, history] = await Promise.all([this.applications.listOfClient(clientId), this.histories.find(clientId)]);
    const record = records.find(({ item }) => item.applicationId === applicationId);
    if (record === undefined) {
      const pastLoans = await this.pastLoans.listOfClient(clientId);
      if (pastLoans.some(({ item }) => item.applicationId === applicationId))
        throw new RejectedError('request-invalid', {
          fr: 'Ce prêt passé est terminé : il n’y a plus rien à y changer.',
          en: 'This past loan has ended: there is nothing left to change in it.',
        });
      throw new RejectedError('application-not-found', {
        fr: 'Ce client n’a pas de demande sous cet identifiant.',
        en: 'This client has no application under this identifier.',
      });
    }
    const { application, dataQuality } = record;
    const known = dataQuality.some(({ kind }) => kind === 'history-missing') ? null : history;
    return { application, dataQuality, history: known, inputs: this.preparation.prepare(application, known) };
  }

  /** Inputs of a changed application; features that stay as they were are left out. */
  change({ inputs, history }: DecidedApplication, application: Application): PreparedInputs {
    const changed = this.preparation.prepare(application, history);
    return {
      features: Object.fromEntries(Object.entries(changed.features).filter(([name, value]) => value !== inputs.features[name])),
      policyInputs: changed.policyInputs,
    };
  }
}
