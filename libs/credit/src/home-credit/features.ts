/**
 * Features that read several fields, or the moment of submission. Long because it is a list: a feature's computation
 * and its words stand together, and nothing here depends on anything else here but the small statistics at the top.
 */
import type { Theme, Unit } from '@lisible/contracts';
import {
  say,
  type CategoryDefinition,
  type FeatureDraft,
  type FeatureFunction,
  type MonotoneDirection,
  type NotApplicable,
  type SentenceTemplates,
  type ValueFormat,
} from '../catalogue/index.ts';
import { SUBMITTED_AT } from '../features/index.ts';
import { formatOf, toYears } from './declare-field.ts';
import { documentFields } from './fields/documents.ts';
import { dwellingFields } from './fields/dwelling.ts';
import { workFields } from './fields/work.ts';
import { categorySentences, comparisonSentences, quotientSentences, sentences, subjectSentences, withoutCar, withoutJob } from './sentences.ts';

interface FeatureWords {
  readonly name: string;
  readonly label: readonly [string, string];
  readonly definition: readonly [string, string];
  readonly theme: Theme;
  readonly unit: Unit;
  readonly decimals?: number;
  readonly format?: ValueFormat;
  readonly from: readonly string[];
  readonly reasonCode: string;
  readonly monotoneDirection?: MonotoneDirection;
  readonly sentences?: SentenceTemplates;
  readonly notApplicable?: readonly NotApplicable[];
  readonly compute: FeatureFunction;
}

const feature = (words: FeatureWords): FeatureDraft => ({
  name: words.name,
  label: say(...words.label),
  definition: say(...words.definition),
  theme: words.theme,
  unit: words.unit,
  derivedFrom: words.from,
  reasonCode: words.reasonCode,
  monotoneDirection: words.monotoneDirection ?? null,
  format: words.format ?? formatOf(words.unit, words.decimals ?? 0),
  sentences: words.sentences ?? comparisonSentences(words.label),
  ...(words.notApplicable === undefined ? {} : { notApplicable: words.notApplicable }),
  compute: words.compute,
});

const isKnown = (value: number): boolean => !Number.isNaN(value);
/** NaN when nothing is known; otherwise a statistic of what is. */
const overKnown =
  (statistic: (known: readonly number[]) => number): FeatureFunction =>
  (...values) => {
    const known = values.filter(isKnown);
    return known.length === 0 ? Number.NaN : statistic(known);
  };
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const mean = (values: readonly number[]): number => total(values) / values.length;
const ratio: FeatureFunction = (numerator = Number.NaN, denominator = Number.NaN) => numerator / denominator;
const difference: FeatureFunction = (left = Number.NaN, right = Number.NaN) => left - right;
const countMissing: FeatureFunction = (...values) => values.length - values.filter(isKnown).length;

const scores = ['externalScore1', 'externalScore2', 'externalScore3'] as const;

const externalScoreFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'externalScoreMean',
    label: ['Moyenne des scores externes', 'Mean of the external scores'],
    definition: ['Moyenne des scores externes disponibles, de 0 à 1.', 'Mean of the external scores that are known, from 0 to 1.'],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: sentences(['Scores externes', 'External scores'], {
      higher: [
        'Les scores fournis par des organismes externes sont meilleurs ({value} en moyenne) que ceux des clients acceptés près du seuil (habituellement {typical}).',
        'The scores supplied by external sources are better ({value} on average) than those of clients approved near the threshold (usually {typical}).',
      ],
      lower: [
        'Les scores fournis par des organismes externes sont moins bons ({value} en moyenne) que ceux des clients acceptés près du seuil (habituellement {typical}).',
        'The scores supplied by external sources are worse ({value} on average) than those of clients approved near the threshold (usually {typical}).',
      ],
      same: [
        'Les scores fournis par des organismes externes ({value} en moyenne) sont au niveau habituel des clients acceptés près du seuil.',
        'The scores supplied by external sources ({value} on average) are at the usual level of clients approved near the threshold.',
      ],
    }),
    compute: overKnown(mean),
  }),
  feature({
    name: 'externalScoreWeightedMean',
    label: ['Moyenne pondérée des scores externes', 'Weighted mean of the external scores'],
    definition: [
      'Moyenne des scores externes disponibles, pondérés 2, 1 et 3 dans leur ordre.',
      'Mean of the external scores that are known, weighted 2, 1 and 3 in their order.',
    ],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: subjectSentences(
      ['Moyenne pondérée des scores externes', 'Weighted mean of the external scores'],
      ['La moyenne pondérée des scores externes', 'The weighted mean of the external scores'],
      {
        higher: ['est meilleure', 'is better'],
        lower: ['est moins bonne', 'is worse'],
        same: ['est habituelle', 'is usual'],
      },
    ),
    compute: (...values) => {
      const weighted = values.map((value, index) => ({ value, weight: [2, 1, 3][index] ?? 0 })).filter(({ value }) => isKnown(value));
      return total(weighted.map(({ value, weight }) => value * weight)) / total(weighted.map(({ weight }) => weight));
    },
  }),
  feature({
    name: 'externalScoreMin',
    label: ['Plus bas des scores externes', 'Lowest external score'],
    definition: ['Plus bas des scores externes disponibles.', 'The lowest of the external scores that are known.'],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: subjectSentences(
      ['Plus bas des scores externes', 'Lowest external score'],
      ['Le plus bas des scores externes', 'The lowest external score'],
      {
        higher: ['est meilleur', 'is better'],
        lower: ['est moins bon', 'is worse'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: overKnown((known) => Math.min(...known)),
  }),
  feature({
    name: 'externalScoreMax',
    label: ['Plus haut des scores externes', 'Highest external score'],
    definition: ['Plus haut des scores externes disponibles.', 'The highest of the external scores that are known.'],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: subjectSentences(
      ['Plus haut des scores externes', 'Highest external score'],
      ['Le plus haut des scores externes', 'The highest external score'],
      {
        higher: ['est meilleur', 'is better'],
        lower: ['est moins bon', 'is worse'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: overKnown((known) => Math.max(...known)),
  }),
  feature({
    name: 'externalScoreProduct',
    label: ['Produit des scores externes', 'Product of the external scores'],
    definition: ['Produit des trois scores externes, quand tous sont connus.', 'Product of the three external scores, where all are known.'],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 3,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    monotoneDirection: 'decreases-risk',
    sentences: subjectSentences(
      ['Produit des scores externes', 'Product of the external scores'],
      ['Le produit des trois scores externes', 'The product of the three external scores'],
      {
        higher: ['est meilleur', 'is better'],
        lower: ['est moins bon', 'is worse'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: (...values) => values.reduce((product, value) => product * value, 1),
  }),
  feature({
    name: 'externalScoreSpread',
    label: ['Dispersion des scores externes', 'Spread of the external scores'],
    definition: [
      'Écart type des scores externes disponibles, s’il y en a au moins deux.',
      'Standard deviation of the external scores that are known, where there are at least two.',
    ],
    theme: 'credit-bureau',
    unit: 'score',
    decimals: 2,
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    sentences: subjectSentences(
      ['Dispersion des scores externes', 'Spread of the external scores'],
      ['L’écart entre les scores externes', 'The gap between the external scores'],
      {
        higher: ['est plus grand', 'is wider'],
        lower: ['est plus petit', 'is narrower'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: overKnown((known) => {
      const centre = mean(known);
      return known.length < 2 ? Number.NaN : Math.sqrt(total(known.map((value) => (value - centre) ** 2)) / known.length);
    }),
  }),
  feature({
    name: 'externalScoresMissingCount',
    label: ['Scores externes absents', 'External scores missing'],
    definition: ['Nombre de scores externes qui manquent, sur trois.', 'How many of the three external scores are missing.'],
    theme: 'credit-bureau',
    unit: 'count',
    from: scores,
    reasonCode: 'EXTERNAL_SCORES',
    sentences: subjectSentences(
      ['Scores externes absents', 'External scores missing'],
      ['Le nombre de scores externes absents, sur trois,', 'The number of external scores missing, out of three,'],
      {
        higher: ['est plus élevé', 'is higher'],
        lower: ['est moins élevé', 'is lower'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: countMissing,
  }),
];

const loanFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'annuityToIncome',
    label: ['Part du revenu prise par l’échéance', 'Share of income taken by the instalment'],
    definition: [
      'Échéance du crédit rapportée au revenu déclaré, les deux pris sur la même période.',
      'The loan’s instalment over the declared income, both taken over the same period.',
    ],
    theme: 'loan-requested',
    unit: 'share',
    decimals: 1,
    from: ['annuityAmount', 'incomeAmount'],
    reasonCode: 'LOAN_BURDEN',
    monotoneDirection: 'increases-risk',
    sentences: sentences(['Part du revenu prise par l’échéance', 'Share of income taken by the instalment'], {
      higher: [
        'L’échéance prend {value} du revenu déclaré, plus que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The instalment takes {value} of the declared income, more than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'L’échéance prend {value} du revenu déclaré, moins que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The instalment takes {value} of the declared income, less than is usual among clients approved near the threshold ({typical}).',
      ],
      same: [
        'L’échéance prend {value} du revenu déclaré, une part habituelle.',
        'The instalment takes {value} of the declared income, a usual share.',
      ],
    }),
    compute: ratio,
  }),
  feature({
    name: 'creditToIncome',
    label: ['Crédit rapporté au revenu', 'Credit over income'],
    definition: ['Montant du crédit divisé par le revenu déclaré.', 'The credit amount divided by the declared income.'],
    theme: 'loan-requested',
    unit: 'none',
    decimals: 1,
    from: ['creditAmount', 'incomeAmount'],
    reasonCode: 'LOAN_BURDEN',
    sentences: sentences(['Crédit rapporté au revenu', 'Credit over income'], {
      higher: [
        'Le crédit demandé vaut {value} fois le revenu déclaré, plus que d’habitude chez les clients acceptés près du seuil ({typical} fois).',
        'The credit asked for is {value} times the declared income, more than is usual among clients approved near the threshold ({typical} times).',
      ],
      lower: [
        'Le crédit demandé vaut {value} fois le revenu déclaré, moins que d’habitude chez les clients acceptés près du seuil ({typical} fois).',
        'The credit asked for is {value} times the declared income, less than is usual among clients approved near the threshold ({typical} times).',
      ],
      same: [
        'Le crédit demandé vaut {value} fois le revenu déclaré, comme d’habitude.',
        'The credit asked for is {value} times the declared income, as usual.',
      ],
    }),
    compute: ratio,
  }),
  feature({
    name: 'goodsPriceToIncome',
    label: ['Prix du bien rapporté au revenu', 'Price of the goods over income'],
    definition: ['Prix du bien financé divisé par le revenu déclaré.', 'The price of the goods divided by the declared income.'],
    theme: 'loan-requested',
    unit: 'none',
    decimals: 1,
    from: ['goodsPriceAmount', 'incomeAmount'],
    reasonCode: 'LOAN_BURDEN',
    sentences: quotientSentences(
      ['Prix du bien rapporté au revenu', 'Price of the goods over income'],
      [
        ['Le prix du bien vaut', ' le revenu déclaré'],
        ['The price of the goods is', ' the declared income'],
      ],
      ['fois', 'times'],
    ),
    compute: ratio,
  }),
  feature({
    name: 'remainingIncomeAmount',
    label: ['Revenu restant après l’échéance', 'Income left after the instalment'],
    definition: ['Revenu déclaré moins l’échéance du crédit.', 'The declared income less the loan’s instalment.'],
    theme: 'loan-requested',
    unit: 'currency',
    from: ['incomeAmount', 'annuityAmount'],
    reasonCode: 'LOAN_BURDEN',
    sentences: subjectSentences(
      ['Revenu restant après l’échéance', 'Income left after the instalment'],
      ['Le revenu qui reste après l’échéance', 'The income left after the instalment'],
      {
        higher: ['est plus élevé', 'is higher'],
        lower: ['est moins élevé', 'is lower'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: difference,
  }),
  feature({
    name: 'creditToAnnuity',
    label: ['Durée du crédit en échéances', 'Length of the loan in instalments'],
    definition: [
      'Montant du crédit divisé par l’échéance : le nombre d’échéances, hors intérêts.',
      'The credit amount divided by the instalment: how many instalments, interest aside.',
    ],
    theme: 'loan-requested',
    unit: 'none',
    decimals: 1,
    from: ['creditAmount', 'annuityAmount'],
    reasonCode: 'LOAN_TERM',
    sentences: sentences(['Durée du crédit en échéances', 'Length of the loan in instalments'], {
      higher: [
        'Le crédit demandé représente {value} échéances, plus que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The credit asked for amounts to {value} instalments, more than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'Le crédit demandé représente {value} échéances, moins que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The credit asked for amounts to {value} instalments, fewer than is usual among clients approved near the threshold ({typical}).',
      ],
      same: [
        'Le crédit demandé représente {value} échéances, une durée habituelle.',
        'The credit asked for amounts to {value} instalments, a usual length.',
      ],
    }),
    compute: ratio,
  }),
  feature({
    name: 'goodsPriceToAnnuity',
    label: ['Prix du bien en échéances', 'Price of the goods in instalments'],
    definition: ['Prix du bien financé divisé par l’échéance.', 'The price of the goods divided by the instalment.'],
    theme: 'loan-requested',
    unit: 'none',
    decimals: 1,
    from: ['goodsPriceAmount', 'annuityAmount'],
    reasonCode: 'LOAN_TERM',
    sentences: quotientSentences(
      ['Prix du bien en échéances', 'Price of the goods in instalments'],
      [
        ['Le prix du bien représente', ''],
        ['The price of the goods amounts to', ''],
      ],
      ['échéances', 'instalments'],
      'fewer',
    ),
    compute: ratio,
  }),
  feature({
    name: 'creditToGoodsPrice',
    label: ['Crédit rapporté au prix du bien', 'Credit over the price of the goods'],
    definition: [
      'Montant du crédit divisé par le prix du bien : au-dessus de 100 %, il finance aussi des frais ou une assurance.',
      'The credit amount divided by the price of the goods: above 100%, it also pays for fees or insurance.',
    ],
    theme: 'loan-requested',
    unit: 'share',
    decimals: 0,
    from: ['creditAmount', 'goodsPriceAmount'],
    reasonCode: 'FINANCED_SHARE',
    sentences: sentences(['Crédit rapporté au prix du bien', 'Credit over the price of the goods'], {
      higher: [
        'Le crédit couvre {value} du prix du bien, plus que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The credit covers {value} of the price of the goods, more than is usual among clients approved near the threshold ({typical}).',
      ],
      lower: [
        'Le crédit couvre {value} du prix du bien, moins que d’habitude chez les clients acceptés près du seuil ({typical}).',
        'The credit covers {value} of the price of the goods, less than is usual among clients approved near the threshold ({typical}).',
      ],
      same: ['Le crédit couvre {value} du prix du bien, une part habituelle.', 'The credit covers {value} of the price of the goods, a usual share.'],
    }),
    compute: ratio,
  }),
  feature({
    name: 'creditOverGoodsPriceAmount',
    label: ['Crédit au-delà du prix du bien', 'Credit beyond the price of the goods'],
    definition: [
      'Montant du crédit moins le prix du bien ; négatif quand le client apporte une partie du prix.',
      'The credit amount less the price of the goods; negative where the client pays part of the price.',
    ],
    theme: 'loan-requested',
    unit: 'currency',
    from: ['creditAmount', 'goodsPriceAmount'],
    reasonCode: 'FINANCED_SHARE',
    sentences: subjectSentences(
      ['Crédit au-delà du prix du bien', 'Credit beyond the price of the goods'],
      ['L’écart entre le crédit demandé et le prix du bien', 'The difference between the credit asked for and the price of the goods'],
      {
        higher: ['est plus élevé', 'is higher'],
        lower: ['est moins élevé', 'is lower'],
        same: ['est habituel', 'is usual'],
      },
    ),
    compute: difference,
  }),
];

const incomeCategories = workFields.find(({ field }) => field.name === 'incomeType')?.field.categories ?? [];
/** Codes of the incomes that go without a job. */
const codesWithoutJob: ReadonlySet<number> = new Set(
  ['unemployed', 'pensioner'].map((value) => incomeCategories.findIndex((category) => category.value === value)),
);

const workFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'isRetiredOrUnemployed',
    label: ['Sans emploi actuel', 'Without a current job'],
    definition: [
      'Le client est retraité, pensionné ou sans emploi et n’a déclaré aucun emploi en cours.',
      'The client is retired, on a pension or unemployed and declared no current job.',
    ],
    theme: 'work',
    unit: 'none',
    format: { kind: 'boolean', decimals: 0, categories: null },
    from: ['incomeType', 'employedSince'],
    reasonCode: 'EMPLOYMENT_LENGTH',
    sentences: categorySentences(['Sans emploi actuel', 'Without a current job']),
    compute: (incomeType = Number.NaN, daysEmployed = Number.NaN) => {
      if (isKnown(daysEmployed)) return 0;
      return isKnown(incomeType) ? Number(codesWithoutJob.has(incomeType)) : Number.NaN;
    },
  }),
  feature({
    name: 'employmentToRegistration',
    label: ['Emploi rapporté à l’inscription administrative', 'Job over civil registration'],
    definition: [
      'Ancienneté dans l’emploi divisée par l’ancienneté de l’inscription administrative.',
      'Time in the current job divided by the age of the civil registration.',
    ],
    theme: 'work',
    unit: 'none',
    decimals: 2,
    from: ['employedSince', 'registeredSince'],
    reasonCode: 'EMPLOYMENT_LENGTH',
    sentences: quotientSentences(
      ['Emploi rapporté à l’inscription administrative', 'Job over civil registration'],
      [
        ['L’ancienneté dans l’emploi vaut', ' celle de l’inscription administrative'],
        ['The time in the current job is', ' the age of the civil registration'],
      ],
      ['fois', 'times'],
    ),
    notApplicable: [withoutJob],
    compute: ratio,
  }),
  feature({
    name: 'employmentToIdentityDocument',
    label: ['Emploi rapporté à la pièce d’identité', 'Job over identity document'],
    definition: [
      'Ancienneté dans l’emploi divisée par l’ancienneté de la pièce d’identité.',
      'Time in the current job divided by the age of the identity document.',
    ],
    theme: 'work',
    unit: 'none',
    decimals: 2,
    from: ['employedSince', 'identityDocumentIssuedOn'],
    reasonCode: 'EMPLOYMENT_LENGTH',
    sentences: quotientSentences(
      ['Emploi rapporté à la pièce d’identité', 'Job over identity document'],
      [
        ['L’ancienneté dans l’emploi vaut', ' celle de la pièce d’identité'],
        ['The time in the current job is', ' the age of the identity document'],
      ],
      ['fois', 'times'],
    ),
    notApplicable: [withoutJob],
    compute: ratio,
  }),
  feature({
    name: 'phoneToEmployment',
    label: ['Téléphone rapporté à l’emploi', 'Phone over job'],
    definition: [
      'Temps depuis le changement de téléphone divisé par l’ancienneté dans l’emploi.',
      'Time since the change of phone divided by the time in the current job.',
    ],
    theme: 'work',
    unit: 'none',
    decimals: 2,
    from: ['phoneChangedOn', 'employedSince'],
    reasonCode: 'PHONE_CHANGE',
    sentences: quotientSentences(
      ['Téléphone rapporté à l’emploi', 'Phone over job'],
      [
        ['Le temps écoulé depuis le changement de téléphone vaut', ' l’ancienneté dans l’emploi'],
        ['The time since the change of phone is', ' the time in the current job'],
      ],
      ['fois', 'times'],
    ),
    notApplicable: [withoutJob],
    compute: ratio,
  }),
  feature({
    name: 'carAgeToEmployment',
    label: ['Âge de la voiture rapporté à l’emploi', 'Age of the car over job'],
    definition: [
      'Âge de la voiture divisé par l’ancienneté dans l’emploi, en années.',
      'Age of the car divided by the time in the current job, in years.',
    ],
    theme: 'work',
    unit: 'none',
    decimals: 2,
    from: ['carAgeYears', 'employedSince'],
    reasonCode: 'CAR',
    sentences: quotientSentences(
      ['Âge de la voiture rapporté à l’emploi', 'Age of the car over job'],
      [
        ['L’âge de la voiture vaut', ' l’ancienneté dans l’emploi'],
        ['The age of the car is', ' the time in the current job'],
      ],
      ['fois', 'times'],
    ),
    notApplicable: [withoutCar, withoutJob],
    compute: (carAgeYears = Number.NaN, daysEmployed = Number.NaN) => carAgeYears / toYears(daysEmployed),
  }),
];

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

const countFeatures: readonly FeatureDraft[] = [
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

const weekdays: readonly CategoryDefinition[] = (
  [
    ['monday', 'lundi', 'Monday'],
    ['tuesday', 'mardi', 'Tuesday'],
    ['wednesday', 'mercredi', 'Wednesday'],
    ['thursday', 'jeudi', 'Thursday'],
    ['friday', 'vendredi', 'Friday'],
    ['saturday', 'samedi', 'Saturday'],
    ['sunday', 'dimanche', 'Sunday'],
  ] as const
).map(([value, fr, en]) => ({ value, label: say(fr, en) }));

/** 1970-01-01 was a Thursday: the fourth day of a week that begins on Monday. */
const EPOCH_WEEKDAY = 3;

const submissionFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'submissionWeekday',
    label: ['Jour de la demande', 'Day of the application'],
    definition: ['Jour de la semaine où la demande a été déposée.', 'The day of the week on which the application was submitted.'],
    theme: 'loan-requested',
    unit: 'none',
    format: { kind: 'category', decimals: 0, categories: weekdays },
    from: [SUBMITTED_AT],
    reasonCode: 'SUBMISSION_TIME',
    sentences: categorySentences(['Jour de la demande', 'Day of the application']),
    compute: (hours = Number.NaN) => (((Math.floor(hours / 24) + EPOCH_WEEKDAY) % 7) + 7) % 7,
  }),
  feature({
    name: 'submissionHour',
    label: ['Heure de la demande', 'Hour of the application'],
    definition: [
      'Heure du jour à laquelle la demande a été déposée, de 0 à 23.',
      'The hour of the day at which the application was submitted, from 0 to 23.',
    ],
    theme: 'loan-requested',
    unit: 'hour',
    from: [SUBMITTED_AT],
    reasonCode: 'SUBMISSION_TIME',
    sentences: subjectSentences(['Heure de la demande', 'Hour of the application'], ['La demande a été déposée', 'The application was submitted'], {
      higher: ['plus tard', 'later'],
      lower: ['plus tôt', 'earlier'],
      same: ['à une heure habituelle', 'at a usual hour'],
    }),
    compute: (hours = Number.NaN) => ((hours % 24) + 24) % 24,
  }),
];

/** Never in the model, by derivation; they serve to measure fairness. */
const fairnessFeatures: readonly FeatureDraft[] = [
  feature({
    name: 'employmentShareOfLife',
    label: ['Part de la vie passée dans l’emploi actuel', 'Share of life spent in the current job'],
    definition: ['Ancienneté dans l’emploi divisée par l’âge.', 'Time in the current job divided by age.'],
    theme: 'work',
    unit: 'share',
    decimals: 0,
    from: ['employedSince', 'birthDate'],
    reasonCode: 'AGE',
    compute: ratio,
  }),
  feature({
    name: 'incomePerFamilyMemberAmount',
    label: ['Revenu par personne du foyer', 'Income for each person of the household'],
    definition: [
      'Revenu déclaré divisé par le nombre de personnes du foyer.',
      'The declared income divided by the number of people in the household.',
    ],
    theme: 'work',
    unit: 'currency',
    from: ['incomeAmount', 'familyMembersCount'],
    reasonCode: 'FAMILY',
    compute: ratio,
  }),
];

/** Features computed from several fields, or from the moment of submission. */
export const applicationFeatures: readonly FeatureDraft[] = [
  ...loanFeatures,
  ...externalScoreFeatures,
  ...workFeatures,
  ...countFeatures,
  ...submissionFeatures,
  ...fairnessFeatures,
];
