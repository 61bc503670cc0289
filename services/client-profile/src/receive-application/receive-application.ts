import { createHash } from 'node:crypto';
import { metricNames, topics } from '@lisible/contracts';
import type { Application, ApplicationPrepared, DataQualityNote, EventEnvelope } from '@lisible/contracts';
import { canonicalJson, validateApplication } from '@lisible/credit';
import type { Catalogue, HistoryRow } from '@lisible/credit';
import { CLOCK, Grouped, METRICS, RejectedError, TRANSACTIONS } from '@lisible/platform';
import type { Clock, CommitHalf, EventBatch, LocalizedFieldProblem, Metrics, Transactions, UnitOfWork } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CATALOGUE } from '../catalogue.ts';
import { ApplicationRecords } from '../dossiers/application.records.ts';
import type { NewApplication, StoreOutcome } from '../dossiers/application.records.ts';
import { ClientHistories, isHistoryMissing } from '../dossiers/client-histories.ts';
import { InputPreparation } from '../dossiers/input-preparation.ts';
import type { ClientProfileTables } from '../dossiers/tables.ts';

export interface Receipt {
  readonly applicationId: string;
  readonly clientId: string;
  /** ISO 8601: when it came first, also for a repetition. */
  readonly receivedAt: string;
  readonly isNew: boolean;
}

/** One application, ready for the transaction. */
interface Intake {
  readonly record: NewApplication;
  readonly prepared: ApplicationPrepared;
  readonly traceparent: string | undefined;
}

/** Takes one application in: validates, stores and announces it with its features, all or nothing; those that come together in one transaction. */
@Injectable()
export class ReceiveApplication {
  private readonly received;
  private readonly intakes = new Grouped<Intake, StoreOutcome>((take) => this.store(take));

  constructor(
    @Inject(TRANSACTIONS) private readonly transactions: Transactions<ClientProfileTables>,
    @Inject(ApplicationRecords) private readonly records: ApplicationRecords,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(METRICS) metrics: Metrics,
    @Inject(ClientHistories) private readonly histories: ClientHistories,
    @Inject(InputPreparation) private readonly inputs: InputPreparation,
  ) {
    this.received = metrics.counter(metricNames.applicationsReceivedTotal, 'Applications that came through the door, by what became of them.', [
      'outcome',
    ]);
  }

  /**
   * Idempotent by applicationId: the same content again gets the stored answer.
   * @throws RejectedError `application-invalid` with every problem; `application-conflict` when other content stands under the identifier.
   */
  async execute(input: unknown, traceparent?: string): Promise<Receipt> {
    let intake: Intake;
    try {
      intake = await this.read(input, traceparent);
    } catch (error) {
      if (error instanceof RejectedError) this.received.inc({ outcome: 'invalid' });
      throw error;
    }
    const outcome = await this.intakes.submit(intake);
    const { isNew, stored } = outcome;
    if (isConflict(intake, outcome)) {
      this.received.inc({ outcome: 'conflict' });
      throw new RejectedError('application-conflict', {
        fr: `Une autre demande est déjà enregistrée sous l’identifiant ${stored.applicationId}.`,
        en: `Another application is already stored under the identifier ${stored.applicationId}.`,
      });
    }
    this.received.inc({ outcome: isNew ? 'received' : 'repeated' });
    return { applicationId: stored.applicationId, clientId: stored.clientId, receivedAt: stored.receivedAt.toISOString(), isNew };
  }

  /**
   * The same for those that a loan system has published: what `execute` would refuse is put aside with the same code, and the others of
   * the batch are stored together.
   */
  async receive({ events }: EventBatch<unknown>): Promise<CommitHalf<ClientProfileTables>> {
    const readings = await Promise.all(
      events.map(async (event) => {
        try {
          return { event, intake: await this.read(event.data, event.traceparent) };
        } catch (error) {
          if (error instanceof RejectedError) return { event, intake: null };
          throw error;
        }
      }),
    );
    return async (unit) => {
      const fresh = readings.filter(({ event }) => unit.isNew(event));
      const intakes = fresh.flatMap(({ event, intake }) => (intake === null ? [] : [{ event, intake }]));
      const outcomes = await this.storeAll(
        unit,
        intakes.map(({ intake }) => intake),
      );
      const refuse = (event: EventEnvelope, outcome: 'invalid' | 'conflict'): void => {
        unit.reject(event, `application-${outcome}`);
        unit.afterCommit(() => this.received.inc({ outcome }));
      };
      for (const { event, intake } of fresh) if (intake === null) refuse(event, 'invalid');
      for (const [index, { event, intake }] of intakes.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) continue;
        if (isConflict(intake, outcome)) refuse(event, 'conflict');
        else unit.afterCommit(() => this.received.inc({ outcome: outcome.isNew ? 'received' : 'repeated' }));
      }
    };
  }

  /** Validates one application and computes its features: before the transaction opens, which holds SQL only. @throws RejectedError */
  private async read(input: unknown, traceparent: string | undefined): Promise<Intake> {
    const validation = validateApplication(this.catalogue, input);
    const unreadable = unreadableTexts(this.catalogue, input);
    if (!validation.isValid || unreadable.length > 0) {
      throw new RejectedError(
        'application-invalid',
        {
          fr: 'La demande ne peut pas être reçue : corrigez les champs indiqués.',
          en: 'The application cannot be received: correct the fields listed.',
        },
        [...(validation.isValid ? [] : validation.problems), ...unreadable],
      );
    }
    const { application } = validation;
    const history = await this.histories.find(application.clientId);
    const dataQuality = validation.notes.filter(({ kind }) => kind !== 'history-missing' || isHistoryMissing(this.catalogue, history));
    const contentHash = createHash('sha256').update(canonicalJson(application)).digest('hex');
    const prepared = this.prepare(application, history, dataQuality);
    return { record: { application, receivedAt: this.clock.now(), contentHash, dataQuality }, prepared, traceparent };
  }

  private store(take: () => readonly Intake[]): Promise<readonly StoreOutcome[]> {
    return this.transactions.run((unit) => this.storeAll(unit, take()));
  }

  /** Stores those whose identifier is free, and announces them. */
  private async storeAll(unit: UnitOfWork<ClientProfileTables>, intakes: readonly Intake[]): Promise<readonly StoreOutcome[]> {
    const outcomes = await this.records.store(
      unit,
      intakes.map(({ record }) => record),
    );
    for (const [index, { prepared, traceparent }] of intakes.entries()) {
      if (outcomes[index]?.isNew !== true) continue;
      const { applicationId } = prepared;
      await unit.emit(topics.applicationPrepared, {
        subject: applicationId,
        data: prepared,
        cause: `receive-application:${applicationId}`,
        traceparent,
      });
    }
    return outcomes;
  }

  private prepare(application: Application, history: HistoryRow | null, dataQuality: readonly DataQualityNote[]): ApplicationPrepared {
    return {
      applicationId: application.applicationId,
      clientId: application.clientId,
      branchId: application.branchId ?? null,
      submittedAt: application.submittedAt,
      currency: application.currency,
      catalogueVersion: this.catalogue.version,
      ...this.inputs.prepare(application, history),
      isHistoryMissing: isHistoryMissing(this.catalogue, history),
      dataQuality: dataQuality.filter((note) => mayLeave(this.catalogue, note)),
    };
  }
}

/** Whether other content stands under the identifier. */
const isConflict = ({ record }: Intake, { isNew, stored }: StoreOutcome): boolean => !isNew && stored.contentHash !== record.contentHash;

/** Texts that PostgreSQL cannot hold though JSON can: with a NUL, or with half of a surrogate pair. */
const unreadableTexts = (catalogue: Catalogue, input: unknown): readonly LocalizedFieldProblem[] => {
  const values = new Map<string, unknown>(typeof input === 'object' && input !== null ? Object.entries(input) : []);
  return catalogue.fields
    .filter(({ name, type }) => {
      const value = values.get(name);
      return (type === 'text' || type === 'category') && typeof value === 'string' && (value.includes('\0') || !value.isWellFormed());
    })
    .map(({ name, label }) => ({
      field: name,
      code: 'text-unreadable',
      message: {
        fr: `${label.fr} : contient un caractère illisible (NUL ou moitié d’un caractère), à retirer.`,
        en: `${label.en}: holds an unreadable character (NUL or half of a character); remove it.`,
      },
    }));
};

/** A note's sentence may quote the field it is about. */
const mayLeave = (catalogue: Catalogue, note: DataQualityNote): boolean => {
  const field = catalogue.fields.find(({ name }) => name === note.field);
  return field === undefined || (field.protection === null && !field.isContact);
};
