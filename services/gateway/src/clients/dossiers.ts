import type { ClientHistory, ClientListItem, ClientListQuery, ClientPage, ClientRecord, ClientRow, Dossier, Explanation } from '@lisible/contracts';
import {
  clientHistorySchema,
  clientItemPageSchema,
  clientRecordSchema,
  decisionOutcomeSchema,
  decisionSchema,
  explanationSchema,
  pastLoanEstimateSchema,
  probabilitySchema,
  proposalSchema,
} from '@lisible/contracts';
import { RejectedError } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { CallContext } from '../access/caller.ts';
import { UpstreamProblem } from '../upstream/upstream-problem.ts';
import { UNDICI_UPSTREAM, pathOf } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';

const estimateRow = z.object({ applicationId: z.string(), probabilityOfDefault: probabilitySchema, proposal: proposalSchema });
const decisionsLookup = z.object({ decisions: z.array(estimateRow.extend({ decision: decisionOutcomeSchema })) });
const estimatesLookup = z.object({ estimates: z.array(estimateRow) });

/** What client-profile knows, joined with what scoring says about it. */
@Injectable()
export class Dossiers {
  constructor(@Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream) {}

  /** One page of clients; the decisions of the page in one lookup, the past-loan estimates in another, at the same time. */
  async list(query: ClientListQuery, call: CallContext): Promise<ClientPage> {
    const page = await this.upstream.post('client-profile', '/clients/search', query, clientItemPageSchema, call);
    const idsOf = (kind: ClientListItem['kind']): string[] => page.items.filter((item) => item.kind === kind).map((item) => item.applicationId);
    const [decisions, estimates] = await Promise.all([
      this.lookUpDecisions(idsOf('application'), call),
      this.lookUpEstimates(idsOf('past-loan'), call),
    ]);
    return {
      ...page,
      items: page.items.map((item): ClientRow => ({
        ...item,
        ...noDecision,
        ...(item.kind === 'application' ? decisions : estimates).get(item.applicationId),
      })),
    };
  }

  /** A whole dossier; when the caller names the application, everything is asked for at once. */
  async read(clientId: string, applicationId: string | undefined, call: CallContext): Promise<Dossier> {
    if (applicationId === undefined) {
      const record = await this.readRecord(clientId, undefined, call);
      return record.kind === 'application'
        ? { ...record, decision: await this.findDecision(record.applicationId, call), pastLoanEstimate: null }
        : { ...record, decision: null, pastLoanEstimate: await this.findEstimate(record.applicationId, call) };
    }
    const [record, decision, pastLoanEstimate] = await Promise.all([
      this.readRecord(clientId, applicationId, call),
      this.findDecision(applicationId, call),
      this.findEstimate(applicationId, call),
    ]);
    return record.kind === 'application' ? { ...record, decision, pastLoanEstimate: null } : { ...record, decision: null, pastLoanEstimate };
  }

  /** @throws RejectedError `explanation-not-found` while it is on its way. */
  async readExplanation(clientId: string, applicationId: string | undefined, call: CallContext): Promise<Explanation> {
    // The record says which kind it is, and that this application is this client's.
    const record = await this.readRecord(clientId, applicationId, call);
    const path =
      record.kind === 'application' ? pathOf('explanations', record.applicationId) : `${pathOf('past-loans', record.applicationId)}/explanation`;
    const explanation = await this.upstream.find('explainer', path, explanationSchema, call);
    if (explanation === null) {
      throw new RejectedError('explanation-not-found', {
        fr: 'L’explication de ce dossier n’est pas encore là.',
        en: 'The explanation of this dossier is not here yet.',
      });
    }
    return explanation;
  }

  /** The client's past month by month, as far as the dossier shown was decided with it. */
  readHistory(clientId: string, applicationId: string | undefined, call: CallContext): Promise<ClientHistory> {
    return this.upstream.get('client-profile', pathOf('clients', clientId, 'history') + oneOf(applicationId), clientHistorySchema, call);
  }

  private readRecord(clientId: string, applicationId: string | undefined, call: CallContext): Promise<ClientRecord> {
    return this.upstream.get('client-profile', pathOf('clients', clientId) + oneOf(applicationId), clientRecordSchema, call);
  }

  private findDecision(applicationId: string, call: CallContext) {
    return this.upstream.find('scoring', pathOf('decisions', applicationId), decisionSchema, call);
  }

  private findEstimate(applicationId: string, call: CallContext) {
    return this.upstream.find('scoring', `${pathOf('past-loans', applicationId)}/estimate`, pastLoanEstimateSchema, call).catch(nullWithoutModel);
  }

  private async lookUpDecisions(applicationIds: readonly string[], call: CallContext): Promise<ReadonlyMap<string, Partial<ClientRow>>> {
    if (applicationIds.length === 0) return new Map();
    const { decisions } = await this.upstream.post('scoring', '/decisions/lookup', { applicationIds }, decisionsLookup, call);
    return new Map(decisions.map((row) => [row.applicationId, row]));
  }

  private async lookUpEstimates(applicationIds: readonly string[], call: CallContext): Promise<ReadonlyMap<string, Partial<ClientRow>>> {
    if (applicationIds.length === 0) return new Map();
    const answer = await this.upstream.post('scoring', '/past-loans/lookup', { applicationIds }, estimatesLookup, call).catch(nullWithoutModel);
    return new Map(answer?.estimates.map((row) => [row.applicationId, row]));
  }
}

const noDecision = { probabilityOfDefault: null, proposal: null, decision: null };

/** Without a champion there are no estimates of past loans; everything else of the dossier is still readable. */
const nullWithoutModel = (error: unknown): null => {
  if (error instanceof UpstreamProblem && error.problem.code === 'no-model') return null;
  throw error;
};

/** Which of a client's applications is meant; the latest where none is named. */
const oneOf = (applicationId: string | undefined): string =>
  applicationId === undefined ? '' : `?${new URLSearchParams({ applicationId }).toString()}`;
