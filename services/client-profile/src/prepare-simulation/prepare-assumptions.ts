import { assumedKinds } from '@lisible/contracts';
import type { FieldValue, LocalizedText, PreparedAssumptions, SimulatedApplication } from '@lisible/contracts';
import { formatFeatureValue } from '@lisible/credit';
import type { Catalogue, FieldDefinition } from '@lisible/credit';
import { Inject, Injectable } from '@nestjs/common';
import { CATALOGUE } from '../catalogue.ts';
import { isHistoryMissing } from '../dossiers/client-histories.ts';
import { CurrentSnapshot } from '../follow-snapshot/current-snapshot.ts';
import { PlausibleValues } from './plausible-values.ts';
import { SimulatedApplications } from './simulated-applications.ts';
import type { DecidedApplication } from './simulated-applications.ts';

type Kind = (typeof assumedKinds)[number];
type AssumedPast = PreparedAssumptions['inputs'][number];

/** A quarter of a year: three statements of each account that nobody has seen. */
const staleAfterDays = 90;
const msPerDay = 86_400_000;

interface AssumedField {
  readonly field: FieldDefinition;
  readonly kind: Kind;
  readonly statement: LocalizedText;
}

const isAssumedKind = (kind: string): kind is Kind => assumedKinds.some((known) => known === kind);

/** What an application leaves open, and the inputs that each plausible value of it would give. */
@Injectable()
export class PrepareAssumptions {
  constructor(
    @Inject(SimulatedApplications) private readonly applications: SimulatedApplications,
    @Inject(PlausibleValues) private readonly plausibleValues: PlausibleValues,
    @Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  /** @throws RejectedError as `SimulatedApplications.get` */
  async execute(asked: SimulatedApplication): Promise<PreparedAssumptions> {
    const decided = await this.applications.get(asked);
    const { application } = decided;
    const assumed = this.listAssumed(decided);
    const plausible = await Promise.all(assumed.map(({ field }) => this.plausibleValues.list(field, application.submittedAt)));
    return {
      applicationId: application.applicationId,
      currency: application.currency,
      before: decided.inputs,
      isHistoryMissing: isHistoryMissing(this.catalogue, decided.history),
      inputs: [
        ...this.listStalePast(decided),
        ...assumed.map(({ field, kind, statement }, index) => ({
          field: field.name,
          label: field.label,
          kind,
          statement,
          variants: (plausible[index] ?? []).map((value) => ({
            value: this.write(field, value, application.currency),
            inputs: this.applications.change(decided, { ...application, [field.name]: value }),
          })),
        })),
      ],
    };
  }

  /** The client's past where it ends long before the application: the estimate with it stands beside the one without. */
  private listStalePast(decided: DecidedApplication): readonly AssumedPast[] {
    const { application, history } = decided;
    const { asOf } = this.snapshot.find() ?? {};
    if (history === null || asOf === undefined) return [];
    const days = Math.floor((Date.parse(application.submittedAt) - Date.parse(asOf)) / msPerDay);
    if (days < staleAfterDays) return [];
    return [
      {
        field: 'history',
        label: { fr: 'Historique du client', en: 'The client’s past' },
        kind: 'stale',
        statement: {
          fr: `Ce qui est connu de son passé s’arrête le ${writeDate('fr-FR', asOf)}, ${days} jours avant la demande.`,
          en: `What is known of the past ends on ${writeDate('en-GB', asOf)}, ${days} days before the application.`,
        },
        variants: [
          { value: { fr: 'tel que connu', en: 'as it is known' }, inputs: { features: {}, policyInputs: decided.inputs.policyInputs } },
          {
            value: { fr: 'sans aucun historique', en: 'with no past at all' },
            inputs: this.applications.change({ ...decided, history: null }, application),
          },
        ],
      },
    ];
  }

  /** Fields that the model reads and that are absent, or that a remark doubts; never a protected one, nor one that does not apply. */
  private listAssumed({ application, dataQuality, inputs }: DecidedApplication): readonly AssumedField[] {
    const read = new Set(this.catalogue.features.filter(({ isProtected }) => !isProtected).flatMap(({ derivedFrom }) => derivedFrom));
    return this.catalogue.fields.flatMap((field): AssumedField[] => {
      if (!read.has(field.name) || field.protection !== null || field.isContact) return [];
      const note = dataQuality.find((known) => known.field === field.name);
      if (note !== undefined && isAssumedKind(note.kind)) return [{ field, kind: note.kind, statement: note.statement }];
      if ((application[field.name] ?? null) !== null || this.isNotApplicable(field, inputs.features)) return [];
      const statement = { fr: `« ${field.label.fr} » n’est pas renseigné.`, en: `“${field.label.en}” is not given.` };
      return [{ field, kind: 'missing', statement }];
    });
  }

  /** No car has no age: that is no gap in the file. */
  private isNotApplicable(field: FieldDefinition, features: Readonly<Record<string, number | null>>): boolean {
    return this.catalogue.features.some(
      ({ derivedFrom, notApplicable = [] }) =>
        derivedFrom.length === 1 && derivedFrom[0] === field.name && notApplicable.some(({ feature, value }) => features[feature] === value),
    );
  }

  private write(field: FieldDefinition, value: FieldValue, currency: string): LocalizedText {
    if (typeof value === 'boolean') return value ? { fr: 'oui', en: 'yes' } : { fr: 'non', en: 'no' };
    if (typeof value === 'number') {
      const format = this.catalogue.features.find(({ name }) => name === field.name)?.format;
      const plain = { fr: value.toLocaleString('fr-FR'), en: value.toLocaleString('en-GB') };
      return format === undefined ? plain : formatFeatureValue(format, value, currency).text;
    }
    if (value === null) return { fr: 'inconnu', en: 'unknown' };
    const label = field.categories?.find((category) => category.value === value)?.label;
    if (label !== undefined) return label;
    if (field.type !== 'date') return { fr: value, en: value };
    return { fr: writeDate('fr-FR', value), en: writeDate('en-GB', value) };
  }
}

const writeDate = (locale: string, date: string): string =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(date));
