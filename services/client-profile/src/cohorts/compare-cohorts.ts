import type { CohortComparison, CohortFilter, CohortQuestion, ComparedFeature, LocalizedText, SimilarGroup } from '@lisible/contracts';
import { canonicalJson, computeFeatures, wilsonInterval } from '@lisible/credit';
import type { Catalogue, FeatureComparison } from '@lisible/credit';
import { CACHE, RejectedError, TransientError } from '@lisible/platform';
import type { Cache } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { CATALOGUE } from '../catalogue.ts';
import { ApplicationRecords } from '../dossiers/application.records.ts';
import { ClientHistories } from '../dossiers/client-histories.ts';
import { codeValue, decodeValue } from '../population/column-specs.ts';
import type { ColumnSpec } from '../population/column-specs.ts';
import type { ComparedColumn, ComparedGroup, CompareReply, PlacedValues, PopulationSource } from '../population/messages.ts';
import { Population, refused, unknownColumn } from '../population/population.ts';
import type { PopulationInMemory } from '../population/population.ts';
import { withheldWords } from './withheld-words.ts';

const compress = promisify(gzip);

/** An answer holds for its snapshot, model and question; it is only kept as long as somebody may ask again. */
const answerSeconds = 3600;

/** Compares a client with a group of the population. */
@Injectable()
export class CompareCohorts {
  constructor(
    @Inject(Population) private readonly population: Population,
    @Inject(ApplicationRecords) private readonly applications: ApplicationRecords,
    @Inject(ClientHistories) private readonly histories: ClientHistories,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CACHE) private readonly cache: Cache,
  ) {}

  /**
   * The comparison as JSON, gzipped: so it is remembered, and so it is sent to whoever can read it.
   * @throws RejectedError `cohort-withheld`, `request-invalid`, `client-not-found`; TransientError `cohort-unavailable`
   */
  async execute(question: CohortQuestion): Promise<Uint8Array> {
    const population = this.population.get();
    const key = keyOf(population, this.catalogue, question);
    const known = await this.cache.find(key);
    if (known !== null) return known;
    this.check(question);
    const comparison = this.toComparison(population, question, await this.ask(population, question));
    const answer = await compress(JSON.stringify(comparison), { level: constants.Z_BEST_SPEED });
    await this.cache.remember(key, answer, answerSeconds);
    return answer;
  }

  private check({ cohort: { name, filters }, features, pair, client }: CohortQuestion): void {
    for (const [index, feature] of features.entries()) this.population.getSpec(feature, `features.${index}`);
    for (const [index, feature] of (pair ?? []).entries()) this.population.getSpec(feature, `pair.${index}`);
    for (const [index, { field }] of filters.entries()) this.population.getSpec(field, `cohort.filters.${index}.field`);
    if ((name === 'filters') !== filters.length > 0)
      throw refused('cohort.filters', 'custom', {
        fr: 'Des filtres accompagnent un groupe nommé « filters », et lui seul.',
        en: 'Filters come with a cohort named filters, and with no other.',
      });
    if (name === 'similar' && client === null)
      throw refused('client', 'custom', { fr: 'Semblables à qui ? Nommez le client.', en: 'Similar to whom? Name the client.' });
  }

  private async ask({ thread, source }: PopulationInMemory, question: CohortQuestion): Promise<ComparedGroup> {
    const { cohort, features, pair, policy } = question;
    const ask = (client: PlacedValues | null): Promise<CompareReply> => thread.ask('compare', { cohort, features, pair, client, policy });
    const reply = await ask(question.client === null ? null : { ...question.client, values: null, attributions: null });
    // Who is not in the population came through the door.
    return this.accept(reply.kind === 'client-unknown' ? await ask(await this.findPlaced(question, source)) : reply, source);
  }

  private accept(reply: CompareReply, { privacyFloor }: PopulationSource): ComparedGroup {
    switch (reply.kind) {
      case 'compared':
        return reply;
      case 'withheld': {
        const label = reply.column === null ? null : this.labelOf(reply.column);
        throw new RejectedError('cohort-withheld', withheldWords(reply.reason, label, privacyFloor));
      }
      case 'client-unknown':
        throw new RejectedError('client-not-found', { fr: 'Aucun client ne porte cet identifiant.', en: 'No client bears this identifier.' });
      case 'column-unknown':
        throw unknownColumn(reply.column, 'features');
      case 'filter-invalid':
        throw refused('cohort.filters', 'custom', {
          fr: `Le filtre ne convient pas au champ « ${reply.column} » : voir GET /v1/cohorts/grid.`,
          en: `The filter does not fit the field ${reply.column}: see GET /v1/cohorts/grid.`,
        });
      case 'column-filtered-twice':
        throw refused('cohort.filters', 'custom', {
          fr: `Le champ « ${reply.column} » est filtré deux fois : réunissez les deux filtres.`,
          en: `The field ${reply.column} is filtered twice: make one filter of the two.`,
        });
      case 'no-estimates':
      case 'no-attributions':
        throw new TransientError('cohort-unavailable', {
          fr: 'Le modèle en service n’a pas (encore) estimé cette population.',
          en: 'The model in service has not estimated this population (yet).',
        });
    }
  }

  /** @throws RejectedError `client-not-found` */
  private async findPlaced({ client, attributions }: CohortQuestion, { model }: PopulationSource): Promise<PlacedValues> {
    const records = client === null ? [] : await this.applications.listOfClient(client.clientId);
    const record = records.find(({ item }) => item.applicationId === client?.applicationId);
    if (client === null || record === undefined)
      throw new RejectedError('client-not-found', {
        fr: 'Ce client n’a pas de demande sous cet identifiant.',
        en: 'This client has no application under this identifier.',
      });
    const { application } = record;
    const features = computeFeatures(this.catalogue, application, await this.histories.find(client.clientId));
    const valueOf = (spec: ColumnSpec) => (spec.source === 'field' ? application[spec.name] : features[spec.name]);
    return {
      ...client,
      values: Object.fromEntries(
        [...this.population.specs.values()].map((spec) => [spec.name, codeValue(spec, valueOf(spec), application.submittedAt)]),
      ),
      // Those of another model lie in another space.
      attributions: attributions?.modelVersion === model?.modelVersion ? this.toReasons(attributions) : null,
    };
  }

  /** Attributions of one application summed by reason. */
  private toReasons(attributions: CohortQuestion['attributions']): Readonly<Record<string, number>> | null {
    if (attributions === null) return null;
    const codes = new Map(this.catalogue.features.map(({ name, reasonCode }) => [name, reasonCode]));
    const sums: Record<string, number> = {};
    for (const [index, name] of attributions.featureNames.entries()) {
      const code = codes.get(name);
      if (code !== undefined) sums[code] = (sums[code] ?? 0) + (attributions.shapValues[index] ?? 0);
    }
    return sums;
  }

  private toComparison({ source }: PopulationInMemory, { cohort }: CohortQuestion, group: ComparedGroup): CohortComparison {
    const { pair, similar, defaulted, groupSize } = group;
    return {
      snapshotId: source.snapshotId,
      asOf: source.asOf,
      cohort: { name: cohort.name, filters: group.filters.map((filter): CohortFilter => ({ ...filter })) },
      groupSize,
      populationSize: group.populationSize,
      outcome: defaulted === null ? null : { defaulted, defaultRate: wilsonInterval(defaulted, groupSize) },
      features: group.features.map((column) => this.toFeature(column)),
      pair:
        pair === null
          ? null
          : {
              first: this.toAxis(pair.axes[0], pair.place?.first ?? null),
              second: this.toAxis(pair.axes[1], pair.place?.second ?? null),
              cells: pair.cells.map((cell) => ({ ...cell })),
            },
      similar: similar === null ? null : this.toSimilar(similar, groupSize),
    };
  }

  private specOf(name: string): ColumnSpec {
    return this.population.getSpec(name, 'features');
  }

  private toFeature(column: ComparedColumn): ComparedFeature {
    const spec = this.specOf(column.name);
    const bounds = boundsOf(column, spec);
    const [q05 = null, q25 = null, q50 = null, q75 = null, q95 = null] = spec.answers === null ? column.quantiles : [];
    return {
      feature: column.name,
      kind: kindOf(column),
      unit: spec.unit,
      missingShare: column.missingShare,
      quantiles: { q05, q25, q50, q75, q95 },
      bins: column.bins.map((bin, index) => ({ ...(bounds[index] ?? noBounds), ...bin })),
      client: column.value === null ? null : { value: decodeValue(spec, column.value), ...placeOf(column.place, spec) },
    };
  }

  private toAxis(axis: NonNullable<ComparedGroup['pair']>['axes'][number] | undefined, bin: number | null) {
    if (axis === undefined) throw new Error('a pair has two axes');
    const spec = this.specOf(axis.name);
    return {
      feature: axis.name,
      kind: kindOf(axis),
      unit: spec.unit,
      bins: boundsOf(axis, spec),
      client: axis.value === null ? null : { value: decodeValue(spec, axis.value), bin },
    };
  }

  private toSimilar({ radius, modelVersion, shared }: NonNullable<ComparedGroup['similar']>, groupSize: number): SimilarGroup {
    const reasons = shared.map(({ code, mean, shareAlike }) => ({
      code,
      label: this.catalogue.reasonGroups.find((group) => group.code === code)?.label ?? { fr: code, en: code },
      direction: mean > 0 ? ('increases-risk' as const) : ('decreases-risk' as const),
      shareAlike,
    }));
    return { radius, modelVersion, shared: reasons, statement: similarStatement(reasons, groupSize) };
  }

  private labelOf(name: string): LocalizedText {
    const { fields, features } = this.catalogue;
    return [...fields, ...features].find((entry) => entry.name === name)?.label ?? { fr: name, en: name };
  }
}

/** `gzip`: as it is written; an answer in another writing has another key. */
const keyOf = ({ source: { snapshotId, model } }: PopulationInMemory, { version }: Catalogue, question: CohortQuestion): string => {
  const hash = createHash('sha256').update(canonicalJson(question)).digest('base64url');
  return `cohorts:gzip:${snapshotId}:${model?.modelVersion ?? 'no-model'}:${version}:${hash}`;
};

const kindOf = ({ kind }: Pick<ComparedColumn, 'kind'>): ComparedFeature['kind'] => (kind === 'values' ? 'bars' : 'histogram');

const noBounds = { from: null, to: null, value: null };
const boundsOf = ({ kind, edges }: Pick<ComparedColumn, 'kind' | 'edges'>, spec: ColumnSpec) =>
  kind === 'values'
    ? edges.map((edge) => ({ from: null, to: null, value: decodeValue(spec, edge) }))
    : Array.from({ length: edges.length + 1 }, (_, bin) => ({ from: edges[bin - 1] ?? null, to: edges[bin] ?? null, value: null }));

const placeOf = (place: FeatureComparison['place'], { answers }: ColumnSpec) => ({
  bin: place?.bin ?? null,
  // Answers have no order to be higher in.
  shareBelow: answers === null ? (place?.shareBelow ?? null) : null,
  shareEqual: place?.shareEqual ?? null,
});

const similarStatement = (reasons: SimilarGroup['shared'], groupSize: number): LocalizedText => {
  if (reasons.length === 0)
    return {
      fr: `Ces ${groupSize} dossiers sont les plus proches par ce que le modèle en retient, sans qu’un motif leur soit commun.`,
      en: `These ${groupSize} files are the closest in what the model makes of them, though no one reason is common to them.`,
    };
  const list = (language: 'fr' | 'en', up: string, down: string): string =>
    reasons
      .map(({ label, direction }) => `${label[language]} (${direction === 'increases-risk' ? up : down})`)
      .join(language === 'fr' ? ' ; ' : '; ');
  return {
    fr: `Ces ${groupSize} dossiers sont proches : pour le modèle, les mêmes éléments y pèsent dans le même sens. ${list('fr', 'augmente le risque', 'diminue le risque')}.`,
    en: `These ${groupSize} files are close: for the model, the same things weigh the same way in them. ${list('en', 'increases the risk', 'decreases the risk')}.`,
  };
};
