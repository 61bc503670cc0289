import { artefactKeys, championPointerSchema, metricNames, modelFiles, modelManifestSchema, snapshotFiles } from '@lisible/contracts';
import { defaultPrivacyFloor } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { ARTEFACTS, LOG, METRICS, RejectedError, TransientError } from '@lisible/platform';
import type { ArtefactStore, EventLog, Metrics } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { stat } from 'node:fs/promises';
import { CATALOGUE } from '../catalogue.ts';
import { CurrentSnapshot } from '../follow-snapshot/current-snapshot.ts';
import { columnSpecsOf } from './column-specs.ts';
import type { ColumnSpec } from './column-specs.ts';
import type { PopulationSource } from './messages.ts';
import { PopulationThread } from './population.thread.ts';

export interface PopulationOptions {
  /** Groups of fewer clients are not told of. */
  readonly privacyFloor: number;
  /** Bytes that the columns of one snapshot may take; twice as many while a new one is loaded. */
  readonly maxBytes: number;
}

export const POPULATION_OPTIONS = Symbol('client-profile.population-options');
export const defaultPopulationOptions: PopulationOptions = { privacyFloor: defaultPrivacyFloor, maxBytes: 2 ** 30 };

/** A population that answers, and what it was read from. */
export interface PopulationInMemory {
  readonly source: PopulationSource;
  readonly thread: PopulationThread;
}

/**
 * The population of the snapshot in force, with the champion's estimates where it was trained on that snapshot. A new one is loaded beside the one
 * that answers, in a thread of its own, and takes its place when it is whole.
 */
@Injectable()
export class Population implements OnApplicationShutdown {
  readonly specs: ReadonlyMap<string, ColumnSpec>;
  private current: PopulationInMemory | null = null;
  private underWay: { readonly key: string; readonly thread: PopulationThread; readonly settled: Promise<void> } | null = null;
  private isClosed = false;
  private readonly bytes;

  constructor(
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(POPULATION_OPTIONS) private readonly options: PopulationOptions,
    @Inject(LOG) private readonly log: EventLog,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.specs = new Map(columnSpecsOf(catalogue).map((spec) => [spec.name, spec]));
    this.bytes = metrics.gauge(metricNames.populationBytes, 'Memory that the population in force takes');
  }

  /** Null until one is loaded. */
  find(): PopulationInMemory | null {
    return this.current?.thread.error === null ? this.current : null;
  }

  /** @throws TransientError `cohort-unavailable` */
  get(): PopulationInMemory {
    const population = this.find();
    if (population === null)
      throw new TransientError('cohort-unavailable', { fr: 'La population se charge.', en: 'The population is being loaded.' });
    return population;
  }

  /** @throws RejectedError `request-invalid` for a name that no column bears */
  getSpec(name: string, field: string): ColumnSpec {
    const spec = this.specs.get(name);
    if (spec === undefined) throw unknownColumn(name, field);
    return spec;
  }

  /** Starts to load what is in force now, unless it is loaded or on its way; does not wait for it. */
  async refresh(): Promise<void> {
    const source = await this.describe();
    if (source === null || this.isClosed) return;
    const key = keyOf(source);
    const known = this.find();
    if ((known !== null && keyOf(known.source) === key) || this.underWay?.key === key) return;
    await this.abandon();
    const thread = new PopulationThread();
    this.underWay = { key, thread, settled: this.load(thread, source) };
  }

  /** Resolves when nothing is being loaded. */
  async settled(): Promise<void> {
    await this.underWay?.settled;
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    await this.abandon();
    await this.current?.thread.close();
  }

  private async abandon(): Promise<void> {
    const { underWay } = this;
    this.underWay = null;
    await underWay?.thread.close();
  }

  private async load(thread: PopulationThread, source: PopulationSource): Promise<void> {
    try {
      const loaded = await thread.ask('load', source);
      if (this.underWay?.thread !== thread) return;
      const before = this.current;
      this.current = { source, thread };
      this.underWay = null;
      this.bytes.set(loaded.bytes);
      const { snapshotId, model } = source;
      this.log.info({ snapshotId, modelVersion: model?.modelVersion ?? null, ...loaded }, 'the population is loaded');
      await before?.thread.close();
    } catch (error) {
      // Abandoned for a newer one: no failure.
      if (this.underWay?.thread !== thread) return;
      this.underWay = null;
      this.log.error({ err: error }, 'the population cannot be loaded');
      await thread.close();
    }
  }

  private async describe(): Promise<PopulationSource | null> {
    const snapshot = this.snapshot.find();
    if (snapshot === null) return null;
    const { snapshotId, asOf, applicationsPath } = snapshot;
    const featuresPath = await this.artefacts.localPath(artefactKeys.snapshot(snapshotId, snapshotFiles.features));
    return {
      snapshotId,
      asOf,
      applicationsPath,
      featuresPath: (await isThere(featuresPath)) ? featuresPath : null,
      model: await this.describeModel(snapshotId),
      columns: [...this.specs.values()],
      displayNameFields: this.catalogue.displayNameFields,
      ...this.options,
    };
  }

  /** The champion, where the snapshot is the one it was trained on: estimates of other clients are none of these. */
  private async describeModel(snapshotId: string): Promise<PopulationSource['model']> {
    const pointer = await this.artefacts.find(artefactKeys.champion);
    if (pointer === null) return null;
    const { modelVersion } = championPointerSchema.parse(parseJson(pointer));
    const manifest = modelManifestSchema.parse(parseJson(await this.artefacts.read(artefactKeys.model(modelVersion, modelFiles.manifest))));
    if (manifest.snapshotId !== snapshotId) return null;
    const pathOf = (name: string): Promise<string> => this.artefacts.localPath(artefactKeys.model(modelVersion, name));
    return {
      modelVersion,
      estimatesPath: await pathOf(modelFiles.estimates),
      attributionsPath: manifest.files.some(({ name }) => name === modelFiles.attributions) ? await pathOf(modelFiles.attributions) : null,
    };
  }
}

const parseJson = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

const isThere = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
};

const keyOf = ({ snapshotId, model }: PopulationSource): string => `${snapshotId} ${model?.modelVersion ?? ''}`;

/** A name that the catalogue, or the snapshot, has no column for. */
export const unknownColumn = (name: string, field: string): RejectedError =>
  refused(field, 'unknown', {
    fr: `La population n’a pas de champ « ${name} ».`,
    en: `The population has no field named ${name}.`,
  });

/** A request that fits its schema but not the population. */
export const refused = (field: string, code: string, message: { readonly fr: string; readonly en: string }): RejectedError =>
  new RejectedError('request-invalid', { fr: 'La demande ne peut pas être lue.', en: 'The request cannot be read.' }, [{ field, code, message }]);
