import { artefactKeys, modelFiles, snapshotFiles } from '@lisible/contracts';
import type { PastLoanEstimate, Policy } from '@lisible/contracts';
import { decide } from '@lisible/credit';
import type { PolicyInputs } from '@lisible/credit';
import { ARTEFACTS, RejectedError, TABLES } from '@lisible/platform';
import type { ArtefactStore, TableReader } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Champion, noModel } from '../follow-champion/champion.ts';
import { PolicyVersions } from '../policies/policy-versions.ts';

/** A row of the champion's `estimates.parquet`: made by the fold model that never saw the loan. */
const estimateRowSchema = z.object({
  applicationId: z.string(),
  fold: z.number().int(),
  margin: z.number(),
  probabilityOfDefault: z.number().min(0).max(1),
});

const amountRowSchema = z.object({ applicationId: z.string(), amount: z.number().nullable() });

/** Out-of-fold estimates of past loans under today's policy. Rules are not applied: their inputs are not kept for past loans. */
@Injectable()
export class PastLoanEstimates {
  private retired: string | null = null;
  private table: { readonly modelVersion: string; readonly name: Promise<string> } | null = null;

  constructor(
    @Inject(Champion) private readonly champion: Champion,
    @Inject(PolicyVersions) private readonly policies: PolicyVersions,
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(TABLES) private readonly tables: TableReader,
  ) {}

  /** @throws RejectedError `application-not-found`, TransientError `no-model`. */
  async get(applicationId: string): Promise<PastLoanEstimate> {
    const [estimate] = await this.lookup([applicationId]);
    if (estimate === undefined) {
      throw new RejectedError('application-not-found', {
        fr: 'Aucun prêt passé ne porte cet identifiant.',
        en: 'No past loan bears this identifier.',
      });
    }
    return estimate;
  }

  /** Those that exist, in no order. @throws TransientError `no-model`. */
  async lookup(applicationIds: readonly string[]): Promise<readonly PastLoanEstimate[]> {
    const { modelName, modelVersion, snapshotId } = this.champion.get().manifest;
    const inForce = await this.policies.find();
    if (inForce === null) throw noModel();
    if (applicationIds.length === 0) return [];
    const { policyName, policyVersion, policy } = inForce;
    const table = await this.indexed(modelVersion);
    const rows = await this.tables.query(
      `select "applicationId", fold, margin, "probabilityOfDefault" from ${table}
       where "applicationId" in (${applicationIds.map((_, index) => `$${index + 1}`).join(', ')})`,
      applicationIds,
    );
    const amounts = await this.readAmounts(snapshotId, policy, applicationIds);
    return rows.map((row) => {
      const estimate = estimateRowSchema.parse(row);
      const policyInputs = amounts.get(estimate.applicationId) ?? {};
      const { proposal, decisionThreshold, greyZone } = decide(policy, { probabilityOfDefault: estimate.probabilityOfDefault, policyInputs });
      return { ...estimate, modelName, modelVersion, policyName, policyVersion, decisionThreshold, greyZone, proposal };
    });
  }

  /**
   * The champion's estimates as a table in memory with an index: a page of a list asks for fifty loans of hundreds of thousands, which takes a tenth of
   * the time that reading the file's identifiers would. A version's table goes when the next but one is there: a request may still be reading it.
   */
  private indexed(modelVersion: string): Promise<string> {
    if (this.table?.modelVersion === modelVersion) return this.table.name;
    const name = this.index(modelVersion, this.retired);
    const table = { modelVersion, name };
    this.retired = this.table?.modelVersion ?? null;
    this.table = table;
    // What could not be read is read again by whoever asks next.
    name.catch(() => {
      if (this.table === table) this.table = null;
    });
    return name;
  }

  private async index(modelVersion: string, retired: string | null): Promise<string> {
    const path = await this.artefacts.localPath(artefactKeys.model(modelVersion, modelFiles.estimates));
    const table = tableOf(modelVersion);
    await this.tables.query(
      `create or replace table ${table} as select "applicationId", fold, margin, "probabilityOfDefault"
       from read_parquet('${path.replaceAll("'", "''")}') where fold is not null`,
    );
    await this.tables.query(`create index ${indexOf(modelVersion)} on ${table} ("applicationId")`);
    if (retired !== null && retired !== modelVersion) await this.tables.query(`drop table if exists ${tableOf(retired)}`);
    return table;
  }

  /** The input by which a policy sets a loan's own threshold; empty for a policy of one threshold. */
  private async readAmounts(
    snapshotId: string,
    { amountAwareCost }: Policy,
    applicationIds: readonly string[],
  ): Promise<ReadonlyMap<string, PolicyInputs>> {
    if (amountAwareCost === null || amountAwareCost === undefined) return new Map();
    const { amountField } = amountAwareCost;
    const path = await this.artefacts.localPath(artefactKeys.snapshot(snapshotId, snapshotFiles.applications));
    const rows = await this.tables.query(
      `select "applicationId", "${amountField.replaceAll('"', '""')}" as amount from read_parquet('${path.replaceAll("'", "''")}')
       where "applicationId" in (${applicationIds.map((_, index) => `$${index + 1}`).join(', ')})`,
      applicationIds,
    );
    return new Map(
      rows.map((row) => {
        const { applicationId, amount } = amountRowSchema.parse(row);
        return [applicationId, { [amountField]: amount }];
      }),
    );
  }
}

/** A name within double quotes, apart from whatever else stands in the engine. */
const quoted = (kind: string, modelVersion: string): string => `"past-loan ${kind} ${modelVersion.replaceAll('"', '""')}"`;
const tableOf = (modelVersion: string): string => quoted('estimates', modelVersion);
const indexOf = (modelVersion: string): string => quoted('index', modelVersion);
