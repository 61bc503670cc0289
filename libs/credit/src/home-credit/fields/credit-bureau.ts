import { numberField, policyField, type HomeCreditField } from '../declare-field.ts';
import { sentences } from '../sentences.ts';

const MAX_COUNT = 10_000;

const enquiries = [
  ['enquiriesLastHour', 'HOUR', 'dans l’heure précédant la demande', 'in the hour before the application'],
  ['enquiriesLastDay', 'DAY', 'dans la journée précédant la demande, dernière heure exclue', 'in the day before the application, last hour excluded'],
  ['enquiriesLastWeek', 'WEEK', 'dans la semaine précédant la demande, dernier jour exclu', 'in the week before the application, last day excluded'],
  [
    'enquiriesLastMonth',
    'MON',
    'dans le mois précédant la demande, dernière semaine exclue',
    'in the month before the application, last week excluded',
  ],
  [
    'enquiriesLastQuarter',
    'QRT',
    'dans le trimestre précédant la demande, dernier mois exclu',
    'in the quarter before the application, last month excluded',
  ],
  [
    'enquiriesLastYear',
    'YEAR',
    'dans l’année précédant la demande, dernier trimestre exclu',
    'in the year before the application, last quarter excluded',
  ],
] as const;

const periods = {
  enquiriesLastHour: ['dernière heure', 'last hour'],
  enquiriesLastDay: ['dernier jour', 'last day'],
  enquiriesLastWeek: ['dernière semaine', 'last week'],
  enquiriesLastMonth: ['dernier mois', 'last month'],
  enquiriesLastQuarter: ['dernier trimestre', 'last quarter'],
  enquiriesLastYear: ['dernière année', 'last year'],
} as const;

/** Scores supplied by other companies and what the credit bureau and the surroundings tell. */
export const bureauFields: readonly HomeCreditField[] = [
  ...([1, 2, 3] as const).map((number) => {
    const label = [`Score externe n° ${number}`, `External score ${number}`] as const;
    return numberField({
      name: `externalScore${number}`,
      column: `EXT_SOURCE_${number}`,
      label,
      definition: [
        `Score fourni par la source externe n° ${number}, de 0 à 1 : plus il est élevé, plus le risque est faible.`,
        `Score supplied by external source ${number}, from 0 to 1: the higher, the lower the risk.`,
      ],
      theme: 'credit-bureau',
      reasonCode: 'EXTERNAL_SCORES',
      unit: 'score',
      min: 0,
      max: 1,
      decimals: 2,
      isImportant: true,
      monotoneDirection: 'decreases-risk',
      sentences: sentences(label, {
        higher: [
          `Le score externe n° ${number} ({value}) est meilleur que celui des clients acceptés près du seuil (habituellement {typical}).`,
          `External score ${number} ({value}) is better than that of clients approved near the threshold (usually {typical}).`,
        ],
        lower: [
          `Le score externe n° ${number} ({value}) est moins bon que celui des clients acceptés près du seuil (habituellement {typical}).`,
          `External score ${number} ({value}) is worse than that of clients approved near the threshold (usually {typical}).`,
        ],
        same: [
          `Le score externe n° ${number} ({value}) est au niveau habituel des clients acceptés près du seuil.`,
          `External score ${number} ({value}) is at the usual level of clients approved near the threshold.`,
        ],
      }),
    });
  }),
  ...enquiries.map(([name, suffix, fr, en]) =>
    numberField({
      name,
      column: `AMT_REQ_CREDIT_BUREAU_${suffix}`,
      label: [`Consultations du fichier de crédit (${periods[name][0]})`, `Credit bureau enquiries (${periods[name][1]})`],
      definition: [
        `Nombre de consultations du fichier de crédit au sujet du client ${fr}.`,
        `How often the credit bureau was asked about the client ${en}.`,
      ],
      theme: 'credit-bureau',
      reasonCode: 'BUREAU_ENQUIRIES',
      unit: 'count',
      min: 0,
      max: MAX_COUNT,
      isWhole: true,
    }),
  ),
  ...([30, 60] as const).flatMap((days) => [
    numberField({
      name: `socialCircleObserved${days}Days`,
      column: `OBS_${days}_CNT_SOCIAL_CIRCLE`,
      label: [`Proches observés (retard de ${days} jours)`, `Acquaintances observed (${days} days late)`],
      definition: [
        `Nombre de proches du client dont les paiements ont pu être observés à ${days} jours de retard.`,
        `How many people around the client could be observed at ${days} days past due.`,
      ],
      theme: 'credit-bureau',
      reasonCode: 'SOCIAL_CIRCLE',
      unit: 'count',
      min: 0,
      max: MAX_COUNT,
      isWhole: true,
    }),
    numberField({
      name: `socialCircleDefaulted${days}Days`,
      column: `DEF_${days}_CNT_SOCIAL_CIRCLE`,
      label: [`Proches en retard de ${days} jours`, `Acquaintances ${days} days late`],
      definition: [
        `Nombre de proches du client en défaut à ${days} jours de retard.`,
        `How many people around the client defaulted at ${days} days past due.`,
      ],
      theme: 'credit-bureau',
      reasonCode: 'SOCIAL_CIRCLE',
      unit: 'count',
      min: 0,
      max: MAX_COUNT,
      isWhole: true,
    }),
  ]),
  policyField({
    name: 'isInPaymentIncidentRegister',
    // No column of the public tables tells it; a lender that consults the register may add this one.
    column: 'FLAG_PAYMENT_INCIDENT_REGISTER',
    label: ['Inscrit au fichier des incidents de remboursement', 'In the register of payment incidents'],
    definition: [
      'Le client figure au fichier des incidents de remboursement des crédits aux particuliers (FICP). Lue par les règles, jamais par le modèle.',
      'The client is in the register of payment incidents on consumer credit. Read by the rules, never by the model.',
    ],
    theme: 'credit-bureau',
  }),
];
