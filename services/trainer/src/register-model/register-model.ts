import { topics } from '@lisible/contracts';
import type { ModelVersion } from '@lisible/contracts';
import { ARTEFACTS, CLOCK, TRANSACTIONS } from '@lisible/platform';
import type { ArtefactStore, Clock, Transactions } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { TrainerTables } from '../registry-tables.ts';
import { verifyArtefact } from './verify-artefact.ts';
import type { VerifiedArtefact } from './verify-artefact.ts';

/** Takes a stored model version into the registry, once it has proved what its manifest says. */
@Injectable()
export class RegisterModel {
  constructor(
    @Inject(TRANSACTIONS) private readonly transactions: Transactions<TrainerTables>,
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * A version that is there already stays as it is: the same data and seed make the same version.
   * @throws RejectedError artefact-invalid: nothing is registered
   */
  async register(modelVersion: ModelVersion['modelVersion'], trainingId: string): Promise<VerifiedArtefact> {
    const verified = await verifyArtefact(this.artefacts, modelVersion);
    const { manifest, manifestHash } = verified;
    await this.transactions.run(async (unit) => {
      const { numInsertedOrUpdatedRows } = await unit.sql
        .insertInto('model_version')
        .values({
          model_version: manifest.modelVersion,
          model_name: manifest.modelName,
          snapshot_id: manifest.snapshotId,
          training_id: trainingId,
          manifest_hash: manifestHash,
          rows: manifest.training.rows,
          metrics: JSON.stringify(manifest.metrics),
          registered_at: this.clock.now().toISOString(),
        })
        .onConflict((conflict) => conflict.column('model_version').doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) return;
      await unit.emit(topics.modelVersionRegistered, {
        subject: manifest.modelName,
        cause: `${trainingId}:${manifest.modelVersion}`,
        data: {
          modelName: manifest.modelName,
          modelVersion: manifest.modelVersion,
          snapshotId: manifest.snapshotId,
          manifestHash,
          rocAuc: manifest.metrics.rocAuc.value,
        },
      });
    });
    return verified;
  }
}
