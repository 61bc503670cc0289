import { artefactKeys, featureValuesSchema, modelFiles, snapshotFiles } from '@lisible/contracts';
import type { Explanation } from '@lisible/contracts';
import { decide } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { ARTEFACTS, CLOCK, RejectedError, TABLES } from '@lisible/platform';
import type { ArtefactStore, Clock, TableReader, TableRow } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { attribute } from '../attribution/attribute.ts';
import { CATALOGUE } from '../catalogue.ts';
import { Champion } from '../follow-champion/champion.ts';
import { ModelVersions } from '../model-versions/model-versions.ts';
import { PolicyRecords } from '../records/policy-records.ts';

/** A row of `estimates.parquet`. */
const estimateRowSchema = z.object({ fold: z.number().int(), margin: z.number(), probabilityOfDefault: z.number().min(0).max(1) });
const amountSchema = z.number().nullable();
const currencyRowSchema = z.object({ currency: z.string() });

/** A past loan's out-of-fold estimate, explained by the fold model that made it. Never recorded: it is no decision. */
@Injectable()
export class PastLoanExplanation {
  constructor(
    @Inject(Champion) private readonly champion: Champion,
    @Inject(ModelVersions) private readonly models: ModelVersions,
    @Inject(PolicyRecords) private readonly policies: PolicyRecords,
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(TABLES) private readonly tables: TableReader,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws RejectedError `application-not-found`, TransientError `no-model`. */
  async get(applicationId: string): Promise<Explanation> {
    const modelVersion = this.champion.get();
    const estimateRow = await this.findRow(artefactKeys.model(modelVersion, modelFiles.estimates), applicationId);
    // A row without fold is no past loan: the served model estimated it.
    if (estimateRow === null || estimateRow['fold'] === null) {
      throw new RejectedError('application-not-found', {
        fr: 'Aucun prêt passé ne porte cet identifiant.',
        en: 'No past loan bears this identifier.',
      });
    }
    const { fold, margin, probabilityOfDefault } = estimateRowSchema.parse(estimateRow);
    const model = await this.models.getFold(modelVersion, fold);
    const { manifest } = model;
    // Scoring adopts the first champion's recommendation as version 1; until its event is here, that is the policy.
    const { policyName, policyVersion, policy } = (await this.policies.find()) ?? {
      policyName: manifest.recommendedPolicy.policyName,
      policyVersion: 1,
      policy: manifest.recommendedPolicy,
    };
    const amountField = policy.amountAwareCost?.amountField ?? null;
    const columns = amountField === null ? 'currency' : `currency, "${amountField.replaceAll('"', '""')}"`;
    const [featureRow, applicationRow] = await Promise.all([
      this.findRow(artefactKeys.snapshot(manifest.snapshotId, snapshotFiles.features), applicationId),
      this.findRow(artefactKeys.snapshot(manifest.snapshotId, snapshotFiles.applications), applicationId, columns),
    ]);
    if (featureRow === null)
      throw new Error(`snapshot ${manifest.snapshotId} holds no features of ${applicationId}, which model ${modelVersion} estimated`);
    const features = featureValuesSchema.parse(Object.fromEntries(manifest.featureNames.map((name) => [name, featureRow[name]])));

    // The amount alone, for its own threshold: other rules are not applied to past loans.
    const policyInputs = amountField === null ? {} : { [amountField]: amountSchema.parse(applicationRow?.[amountField] ?? null) };
    const { proposal } = decide(policy, { probabilityOfDefault, policyInputs });
    return {
      applicationId,
      explainedAt: this.clock.now().toISOString(),
      modelName: manifest.modelName,
      modelVersion,
      policyName,
      policyVersion,
      probabilityOfDefault,
      ruleHits: [],
      ...attribute(this.catalogue, model, {
        applicationId,
        features,
        margin,
        probabilityOfDefault,
        proposal,
        currency: applicationRow === null ? null : currencyRowSchema.parse(applicationRow).currency,
      }),
    };
  }

  private async findRow(key: string, applicationId: string, columns = '*'): Promise<TableRow | null> {
    const path = await this.artefacts.localPath(key);
    const [row] = await this.tables.query(`select ${columns} from read_parquet('${path.replaceAll("'", "''")}') where "applicationId" = $1`, [
      applicationId,
    ]);
    return row ?? null;
  }
}
