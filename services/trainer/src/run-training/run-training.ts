import { randomUUID } from 'node:crypto';
import type { Lender } from '@lisible/credit';
import type { TrainingRequest, TrainingView } from '@lisible/contracts';
import { ARTEFACTS, CLOCK, DATABASE, LOG, RejectedError } from '@lisible/platform';
import type { ArtefactStore, Clock, EventLog } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { LENDER } from '../lender.ts';
import { countProblems } from '../ingest-raw-tables/raw-problem.ts';
import { PromoteModel } from '../promote-model/promote-model.ts';
import { RegisterModel } from '../register-model/register-model.ts';
import type { TrainerTables } from '../registry-tables.ts';
import { startTrainingProcess } from '../training-process/run-training-process.ts';
import type { TrainingProcess } from '../training-process/run-training-process.ts';
import { createWorkFolder, removeAbandonedWorkFolders, removeHalfWritten, removeWorkFolder, storeArtefacts } from './work-folder.ts';

interface RunningTraining {
  view: TrainingView;
  process: TrainingProcess | null;
  /** Resolves when the training has ended and its end is recorded; never rejects. */
  ended: Promise<void>;
}

/** How a training ended, as the table keeps it. */
type Ending = Pick<TrainingView, 'message' | 'modelVersion' | 'problems'> & { readonly phase: 'done' | 'failed' };

/** From a raw folder to a registered, perhaps promoted model: one training at a time, in a process of its own. */
@Injectable()
export class RunTraining implements OnApplicationBootstrap, OnModuleDestroy {
  #running: RunningTraining | null = null;
  #isStopping = false;

  constructor(
    @Inject(DATABASE) private readonly database: Kysely<TrainerTables>,
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LENDER) private readonly lender: Lender,
    @Inject(LOG) private readonly log: EventLog,
    @Inject(RegisterModel) private readonly registerModel: RegisterModel,
    @Inject(PromoteModel) private readonly promoteModel: PromoteModel,
  ) {}

  /** A training dies with the process that follows it; whatever it had not registered does not exist. */
  async onApplicationBootstrap(): Promise<void> {
    await this.database
      .updateTable('training')
      .set({ finished_at: this.clock.now().toISOString(), phase: 'failed', message: 'interrupted: the trainer stopped meanwhile' })
      .where('finished_at', 'is', null)
      .execute();
    await removeAbandonedWorkFolders();
    await this.promoteModel.announce();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopping = true;
    this.#running?.process?.kill();
    await this.#running?.ended;
  }

  /** Starts a training and answers at once. @throws RejectedError training-in-progress */
  async start(request: TrainingRequest): Promise<TrainingView> {
    const { dataDir, seed } = request;
    const startedAt = this.clock.now().toISOString();
    const view: TrainingView = {
      trainingId: randomUUID(),
      startedAt,
      phase: 'reading',
      share: 0,
      message: 'starting',
      modelVersion: null,
      isPromoted: false,
      problems: [],
    };
    const { numInsertedOrUpdatedRows } = await this.database
      .insertInto('training')
      .values({
        training_id: view.trainingId,
        data_dir: dataDir,
        seed,
        started_at: startedAt,
        finished_at: null,
        phase: view.phase,
        message: view.message,
        model_version: null,
        problems: '[]',
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n)
      throw new RejectedError('training-in-progress', {
        fr: 'Un entraînement est déjà en cours : attendez qu’il se termine.',
        en: 'A training is already running: wait for it to end.',
      });
    const running: RunningTraining = { view, process: null, ended: Promise.resolve() };
    this.#running = running;
    running.ended = this.#follow(running, request);
    return view;
  }

  /** @throws RejectedError training-not-found */
  async get(trainingId: string): Promise<TrainingView> {
    if (this.#running?.view.trainingId === trainingId) return this.#running.view;
    const row = await this.database
      .selectFrom('training')
      .leftJoin('model_version', 'model_version.model_version', 'training.model_version')
      .select([
        'training.training_id',
        'training.started_at',
        'training.phase',
        'training.message',
        'training.model_version',
        'training.problems',
        'model_version.promoted_at',
      ])
      .where('training.training_id', '=', trainingId)
      .executeTakeFirst();
    if (row === undefined)
      throw new RejectedError('training-not-found', { fr: 'Aucun entraînement ne porte cet identifiant.', en: 'No training has this identifier.' });
    return {
      trainingId,
      startedAt: row.started_at,
      phase: row.phase,
      share: row.phase === 'done' ? 1 : 0,
      message: row.message,
      modelVersion: row.model_version,
      isPromoted: row.promoted_at !== null,
      problems: row.problems,
    };
  }

  async #follow(running: RunningTraining, request: TrainingRequest): Promise<void> {
    const { trainingId } = running.view;
    let ending: Ending;
    try {
      ending = await this.#perform(running, request);
    } catch (error) {
      if (error instanceof RejectedError) ending = failed(error.detail.en);
      else {
        this.log.error({ err: error, trainingId }, 'training failed');
        ending = failed('the training failed; the log of the trainer says why');
      }
    }
    try {
      await this.database
        .updateTable('training')
        .set({
          finished_at: this.clock.now().toISOString(),
          phase: ending.phase,
          message: ending.message,
          model_version: ending.modelVersion,
          problems: JSON.stringify(ending.problems),
        })
        .where('training_id', '=', trainingId)
        .execute();
    } catch (error) {
      // The next start finds the row unfinished and closes it.
      this.log.error({ err: error, trainingId }, 'the end of a training could not be recorded');
    }
    if (this.#running === running) this.#running = null;
  }

  async #perform(running: RunningTraining, { dataDir, seed, searchSeconds, studies, learnFrom }: TrainingRequest): Promise<Ending> {
    const { trainingId } = running.view;
    // One training at a time, and this is it: nobody else is writing any.
    await removeHalfWritten(this.artefacts);
    const workDir = await createWorkFolder();
    try {
      // There was no process yet to be killed.
      if (this.#isStopping) return failed('interrupted: the trainer stopped before the training began');
      running.process = startTrainingProcess(
        { dataDir, workDir, seed, lender: this.lender.name, searchSeconds: searchSeconds ?? null, studies, learnFrom },
        ({ phase, share, message }) => (running.view = { ...running.view, phase, share, message }),
        (tables) => (running.view = { ...running.view, tables }),
      );
      const { outcome, errors, isAskedFor } = await running.process.ended;
      running.process = null;
      if (outcome.kind === 'refused')
        return { ...failed(`the raw tables have ${countProblems(outcome.problems.length)}`), problems: outcome.problems };
      if (outcome.kind === 'failed') {
        if (isAskedFor) this.log.info({ trainingId }, outcome.message);
        else this.log.error({ trainingId, errors }, outcome.message);
        return failed(outcome.message);
      }
      const { modelVersion } = outcome;
      running.view = { ...running.view, phase: 'registering', share: Math.max(0.96, running.view.share), message: 'proving the artefact' };
      await storeArtefacts(this.artefacts, workDir, outcome);
      const { manifest } = await this.registerModel.register(modelVersion, trainingId);
      const { isPromoted, gates } = await this.promoteModel.bootstrap(manifest);
      const missed = gates.filter(({ isPassed }) => !isPassed).map(({ statement }) => `not so: ${statement}`);
      const auc = manifest.metrics.rocAuc.value.toFixed(4);
      const fate = isPromoted ? 'promoted' : missed.length > 0 ? `not promoted (${missed.join('; ')})` : 'waiting for a person to promote it';
      return { phase: 'done', message: `model ${modelVersion}, ROC AUC ${auc}: ${fate}`, modelVersion, problems: [] };
    } finally {
      await removeWorkFolder(workDir);
    }
  }
}

const failed = (message: string): Ending => ({ phase: 'failed', message, modelVersion: null, problems: [] });
