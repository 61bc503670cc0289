import type { ModelVersion } from '@lisible/contracts';
import { DATABASE } from '@lisible/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { findChampion } from '../promote-model/promote-model.ts';
import type { TrainerTables } from '../registry-tables.ts';

@Controller('models')
export class ModelsController {
  constructor(@Inject(DATABASE) private readonly database: Kysely<TrainerTables>) {}

  /** Newest first. The champion was promoted last; the challenger is the newest version registered since. */
  @Get()
  async list(): Promise<readonly ModelVersion[]> {
    const champion = await findChampion(this.database);
    const rows = await this.database.selectFrom('model_version').selectAll().orderBy('registered_at', 'desc').orderBy('model_version').execute();
    const challenger = rows.find(
      ({ promoted_at: promotedAt, registered_at: registeredAt }) =>
        promotedAt === null && champion !== undefined && registeredAt > champion.promoted_at,
    );
    return rows.map((row) => ({
      modelName: row.model_name,
      modelVersion: row.model_version,
      alias: row.model_version === champion?.model_version ? 'champion' : row === challenger ? 'challenger' : null,
      snapshotId: row.snapshot_id,
      registeredAt: row.registered_at,
      promotedAt: row.promoted_at,
      promotedBy: row.promoted_by,
      rows: row.rows,
      metrics: row.metrics,
    }));
  }
}
