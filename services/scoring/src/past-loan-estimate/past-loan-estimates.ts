import { artefactKeys, modelFiles } from '@lisible/contracts';
import type { PastLoanEstimate } from '@lisible/contracts';
import { decide } from '@lisible/credit';
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

/** Out-of-fold estimates of past loans under today's policy. Rules are not applied: their inputs are not kept for past loans. */
@Injectable()
export class PastLoanEstimates {
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
    const { modelName, modelVersion } = this.champion.get().manifest;
    const inForce = await this.policies.find();
    if (inForce === null) throw noModel();
    if (applicationIds.length === 0) return [];
    const { policyName, policyVersion, policy } = inForce;
    const path = await this.artefacts.localPath(artefactKeys.model(modelVersion, modelFiles.estimates));
    const rows = await this.tables.query(
      `select "applicationId", fold, margin, "probabilityOfDefault" from read_parquet('${path.replaceAll("'", "''")}')
       where "applicationId" in (${applicationIds.map((_, index) => `$${index + 1}`).join(', ')})`,
      applicationIds,
    );
    return rows.map((row) => {
      const estimate = estimateRowSchema.parse(row);
      const { proposal, decisionThreshold, greyZone } = decide(policy, { probabilityOfDefault: estimate.probabilityOfDefault, policyInputs: {} });
      return { ...estimate, modelName, modelVersion, policyName, policyVersion, decisionThreshold, greyZone, proposal };
    });
  }
}
