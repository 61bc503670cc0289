import { say, type FeatureDraft } from '../../catalogue/index.ts';
import { documentFields } from '../fields/documents.ts';
import { dwellingFields } from '../fields/dwelling.ts';
import { sentences, subjectSentences } from '../sentences.ts';
import { countMissing, feature, overKnown, ratio, total } from './feature.ts';

const addressFlags = [
  'isHomeOutsideRegisteredRegion',
  'isWorkOutsideRegisteredRegion',
  'isWorkOutsideHomeRegion',
  'isHomeOutsideRegisteredCity',
  'isWorkOutsideRegisteredCity',
  'isWorkOutsideHomeCity',
];
const enquiryPeriods = [
  'enquiriesLastHour',
  'enquiriesLastDay',
  'enquiriesLastWeek',
  'enquiriesLastMonth',
  'enquiriesLastQuarter',
  'enquiriesLastYear',
];
const namesOf = (fields: readonly { readonly field: { readonly name: string } }[]): readonly string[] => fields.map(({ field }) => field.name);

/** How many: documents, contacts, addresses that differ, enquiries, acquaintances in default. */
export const countFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'documentsCount',
    label: ['Documents fournis', 'Documents supplied'],
    definition: ['Nombre de documents fournis avec la demande.', 'How many documents came with the application.'],
    theme: 'documents',
    unit: 'count',
    from: namesOf(documentFields),
    reasonCode: 'DOCUMENTS',
    sentences: sentences(['Documents fournis', 'Documents supplied'], {
      higher: [
        'Documents fournis avec la demande : {value}, plus que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'Documents supplied with the application: {value}, more than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'Documents fournis avec la demande : {value}, moins que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'Documents supplied with the application: {value}, fewer than is usual among clients approved near the threshold ({typical}).',
      ],
      same: ['Documents fournis avec la demande : {value}, comme d’habitude.', 'Documents supplied with the application: {value}, as usual.'],
    }),
    compute: overKnown(total),
  }),
  feature({
    name: 'contactMeansCount',
    label: ['Moyens de contact communiqués', 'Means of contact given'],
    definition: ['Nombre de téléphones et d’adresses électroniques communiqués.', 'How many phones and e-mail addresses were given.'],
    theme: 'identity',
    unit: 'count',
    from: ['hasMobilePhone', 'hasEmployerPhone', 'hasWorkPhone', 'hasHomePhone', 'hasEmail'],
    reasonCode: 'CONTACT_DETAILS',
    compute: overKnown(total),
  }),
  feature({
    name: 'addressMismatchesCount',
    label: ['Écarts entre les adresses', 'Differences between addresses'],
    definition: [
      'Nombre d’écarts entre adresse permanente, adresse de contact et lieu de travail.',
      'How often permanent address, contact address and place of work differ.',
    ],
    theme: 'housing',
    unit: 'count',
    from: addressFlags,
    reasonCode: 'ADDRESSES',
    compute: overKnown(total),
  }),
  feature({
    name: 'enquiriesTotalCount',
    label: ['Consultations du fichier de crédit sur un an', 'Credit bureau enquiries over a year'],
    definition: [
      'Nombre de consultations du fichier de crédit au sujet du client dans l’année précédant la demande.',
      'How often the credit bureau was asked about the client in the year before the application.',
    ],
    theme: 'credit-bureau',
    unit: 'count',
    from: enquiryPeriods,
    reasonCode: 'BUREAU_ENQUIRIES',
    monotoneDirection: 'increases-risk',
    sentences: sentences(['Consultations du fichier de crédit sur un an', 'Credit bureau enquiries over a year'], {
      higher: [
        'Consultations du fichier de crédit sur un an : {value}, plus que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'Credit bureau enquiries over a year: {value}, more than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'Consultations du fichier de crédit sur un an : {value}, moins que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'Credit bureau enquiries over a year: {value}, fewer than is usual among clients approved near the threshold ({typical}).',
      ],
      same: ['Consultations du fichier de crédit sur un an : {value}, comme d’habitude.', 'Credit bureau enquiries over a year: {value}, as usual.'],
    }),
    compute: overKnown(total),
  }),
  feature({
    name: 'enquiriesRecentCount',
    label: ['Consultations du fichier de crédit sur un mois', 'Credit bureau enquiries over a month'],
    definition: [
      'Nombre de consultations du fichier de crédit au sujet du client dans le mois précédant la demande.',
      'How often the credit bureau was asked about the client in the month before the application.',
    ],
    theme: 'credit-bureau',
    unit: 'count',
    from: enquiryPeriods.slice(0, 4),
    reasonCode: 'BUREAU_ENQUIRIES',
    monotoneDirection: 'increases-risk',
    compute: overKnown(total),
  }),
  ...([30, 60] as const).map((days) =>
    feature({
      name: `socialCircleDefaultRate${days}Days`,
      label: [`Part des proches observés en retard de ${days} jours`, `Share of acquaintances observed that were ${days} days late`],
      definition: [
        `Part des proches observés qui sont en défaut à ${days} jours de retard.`,
        `Share of the acquaintances observed that defaulted at ${days} days past due.`,
      ],
      theme: 'credit-bureau',
      unit: 'share',
      decimals: 0,
      from: [`socialCircleDefaulted${days}Days`, `socialCircleObserved${days}Days`],
      reasonCode: 'SOCIAL_CIRCLE',
      monotoneDirection: 'increases-risk',
      notApplicable: [
        {
          feature: `socialCircleObserved${days}Days`,
          value: 0,
          statement: say('Aucun proche du client n’a pu être observé.', 'No acquaintance of the client could be observed.'),
        },
      ],
      compute: ratio,
    }),
  ),
  feature({
    name: 'dwellingMissingCount',
    label: ['Informations absentes sur l’immeuble', 'Missing information on the building'],
    definition: [
      'Nombre d’informations qui manquent sur l’immeuble où vit le client.',
      'How much is unknown about the building where the client lives.',
    ],
    theme: 'housing',
    unit: 'count',
    from: namesOf(dwellingFields),
    reasonCode: 'DWELLING',
    sentences: subjectSentences(
      ['Informations absentes sur l’immeuble', 'Missing information on the building'],
      ['Le nombre d’informations absentes sur l’immeuble', 'The number of missing facts on the building'],
      {
        higher: ['est plus élevé', 'is higher'],
        lower: ['est moins élevé', 'is lower'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: countMissing,
  }),
];
