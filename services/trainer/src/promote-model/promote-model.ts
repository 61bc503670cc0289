import { artefactKeys, populationSnapshotSchema, snapshotFiles, topics } from '@lisible/contracts';
import type { ChampionPointer, ModelManifest, SnapshotPointer } from '@lisible/contracts';
import { ARTEFACTS, CLOCK, DATABASE, TRANSACTIONS } from '@lisible/platform';
import type { ArtefactStore, Clock, Transactions } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely, Selectable } from 'kysely';
import type { ModelVersionTable, TrainerTables } from '../registry-tables.ts';
import { absoluteGates } from './gates.ts';
import type { Gate } from './gates.ts';

/** Who promoted a version that nobody had to choose, because there was none before. */
export const bootstrapPolicy = 'bootstrap';

export interface Promotion {
  readonly isPromoted: boolean;
  readonly gates: readonly Gate[];
}

/**
 * Makes a version the champion. The database decides; the pointers in the artefact store are derived from it and written
 * before the events go out, so that whoever hears of a promotion finds it.
 */
@Injectable()
export class PromoteModel {
  constructor(
    @Inject(DATABASE) private readonly database: Kysely<TrainerTables>,
    @Inject(TRANSACTIONS) private readonly transactions: Transactions<TrainerTables>,
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The policy `bootstrap`: with no champion, the first version that passes the absolute gates is promoted. Later ones wait for a person. */
  async bootstrap(manifest: ModelManifest): Promise<Promotion> {
    const gates = absoluteGates(manifest);
    if (gates.every(({ isPassed }) => isPassed)) {
      await this.transactions.run(async ({ sql }) => {
        const champion = await sql
          .selectFrom('model_version')
          .select('model_version')
          .where('promoted_at', 'is not', null)
          .limit(1)
          .executeTakeFirst();
        if (champion !== undefined) return;
        await sql
          .updateTable('model_version')
          .set({ promoted_at: this.clock.now().toISOString(), promoted_by: bootstrapPolicy })
          .where('model_version', '=', manifest.modelVersion)
          .execute();
      });
      await this.announce();
    }
    const champion = await findChampion(this.database);
    return { isPromoted: champion?.model_version === manifest.modelVersion, gates };
  }

  /** Brings the store's pointers and the events up to what the database says; nothing happens when they are. */
  async announce(): Promise<void> {
    const champion = await findChampion(this.database);
    if (champion === undefined) return;
    const {
      promoted_at: promotedAt,
      promoted_by: promotedBy,
      model_name: modelName,
      model_version: modelVersion,
      snapshot_id: snapshotId,
    } = champion;
    const snapshot = populationSnapshotSchema.parse(parseJson(await this.artefacts.read(artefactKeys.snapshot(snapshotId, snapshotFiles.snapshot))));
    await this.writePointer(artefactKeys.currentSnapshot, { snapshotId, publishedAt: promotedAt } satisfies SnapshotPointer);
    await this.writePointer(artefactKeys.champion, { modelName, modelVersion, promotedAt, promotedBy } satisfies ChampionPointer);
    if (champion.announced_at !== null) return;
    await this.transactions.run(async (unit) => {
      const cause = `promotion:${modelVersion}:${promotedAt}`;
      await unit.emit(topics.populationSnapshotPublished, {
        subject: snapshotId,
        cause,
        data: { snapshotId, labelledRows: snapshot.labelledRows, publishedAt: promotedAt },
      });
      await unit.emit(topics.modelVersionPromoted, {
        subject: modelName,
        cause,
        data: { modelName, modelVersion, alias: 'champion', previousVersion: champion.previous_version, promotedBy },
      });
      await unit.sql
        .updateTable('model_version')
        .set({ announced_at: this.clock.now().toISOString() })
        .where('model_version', '=', modelVersion)
        .execute();
    });
  }

  private async writePointer(key: string, pointer: ChampionPointer | SnapshotPointer): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(pointer));
    const present = await this.artefacts.find(key);
    if (present === null || !bytes.equals(present)) await this.artefacts.write(key, bytes);
  }
}

/** A version that was promoted. */
export type PromotedVersion = Selectable<ModelVersionTable> & { readonly promoted_at: string; readonly promoted_by: string };

/** The version promoted last. */
export const findChampion = (database: Kysely<TrainerTables>): Promise<PromotedVersion | undefined> =>
  database
    .selectFrom('model_version')
    .selectAll()
    .where('promoted_at', 'is not', null)
    .where('promoted_by', 'is not', null)
    .orderBy('promoted_at', 'desc')
    .limit(1)
    .$narrowType<{ promoted_at: string; promoted_by: string }>()
    .executeTakeFirst();

const parseJson = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));
