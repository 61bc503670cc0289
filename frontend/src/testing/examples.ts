import {
  catalogueViewSchema,
  decisionSchema,
  dossierSchema,
  explanationSchema,
  type CatalogueView,
  type Decision,
  type Dossier,
  type Explanation,
  type PastLoanEstimate,
  type ReasonCode,
} from '@lisible/contracts';

/** Answers as the contract has them, for specs only; each is parsed, so that an example cannot drift from the schema. */
const model = { modelName: 'home-credit', modelVersion: 'v7' };
const policy = { policyName: 'consumer-credit', policyVersion: 3 };

export const exampleDecision = (part: Partial<Decision> = {}): Decision =>
  decisionSchema.parse({
    applicationId: 'A-1',
    clientId: 'C-1',
    decidedAt: '2026-11-20T10:00:00Z',
    ...model,
    ...policy,
    probabilityOfDefault: 0.142,
    margin: -1.8,
    decisionThreshold: 1 / 11,
    greyZone: { lower: 0.081, upper: 0.103 },
    proposal: 'declined',
    decision: 'declined',
    ruleHits: [],
    isHistoryMissing: false,
    featuresHash: 'f00d',
    ...part,
  });

export const exampleEstimate = (part: Partial<PastLoanEstimate> = {}): PastLoanEstimate => ({
  applicationId: 'A-1',
  ...model,
  ...policy,
  fold: 2,
  probabilityOfDefault: 0.03,
  margin: -3.4,
  decisionThreshold: 1 / 11,
  greyZone: { lower: 0.081, upper: 0.103 },
  proposal: 'approved',
  ...part,
});

export const exampleDossier = (part: Partial<Dossier> = {}): Dossier =>
  dossierSchema.parse({
    clientId: 'C-1',
    displayName: 'Aïcha Benali',
    kind: 'application',
    applicationId: 'A-1',
    applicationIds: ['A-1'],
    branchId: null,
    submittedAt: '2026-11-20T09:59:00Z',
    currency: 'EUR',
    catalogueVersion: '1',
    fields: { creditAmount: 406597.5, contractType: 'cash-loan', employedSince: '2019-03-12', ownsCar: false, sex: 'female' },
    features: { creditAmount: 406597.5, annuityToIncome: 0.1234, externalScoreMean: null, submissionWeekday: 1 },
    isHistoryMissing: false,
    dataQuality: [],
    defaulted: null,
    asOf: '2026-11-20T00:00:00Z',
    decision: exampleDecision(),
    pastLoanEstimate: null,
    ...part,
  });

const text = (fr: string, en: string) => ({ fr, en });

export const exampleReason = (part: Partial<ReasonCode> = {}): ReasonCode => ({
  code: 'EXTERNAL_SCORES',
  feature: 'externalScoreMean',
  rank: 1,
  direction: 'increases-risk',
  label: text('Scores externes', 'External scores'),
  statement: text('Les scores externes sont moins bons.', 'The external scores are worse.'),
  shapValue: 0.4,
  points: 4.04,
  value: { raw: 0.31, text: text('0,31', '0.31') },
  typicalValue: { raw: 0.55, text: text('0,55', '0.55') },
  ...part,
});

/** 8.4 + 4.04 + 2.53 − 0.77 = 14.2 */
export const exampleExplanation = (part: Partial<Explanation> = {}): Explanation =>
  explanationSchema.parse({
    applicationId: 'A-1',
    explainedAt: '2026-11-20T10:00:01Z',
    ...model,
    ...policy,
    probabilityOfDefault: 0.142,
    reference: { probabilityOfDefault: 0.084, baseValue: -2.389, clients: 200 },
    populationBaseValue: -2.7,
    ruleHits: [],
    reasonCodes: [
      exampleReason(),
      exampleReason({ code: 'LOAN_LENGTH', rank: 2, feature: 'annuityToIncome', label: text('Durée du crédit', 'Length of the loan'), statement: text('Le crédit est long.', 'The loan is long.'), points: 2.53, shapValue: 0.25 }),
    ],
    others: { shapValue: -0.06, points: -0.77, features: 118 },
    attributions: { baseValue: -2.389, shapValues: [0.4, 0.25, -0.06], featureNames: ['externalScoreMean', 'annuityToIncome', 'creditAmount'], featureValues: [0.31, 0.1234, null], outputSpace: 'log-odds' },
    ...part,
  });

const field = { isRequired: false, isProtected: false, isContact: false, range: null, categories: null };
const feature = { isProtected: false, isModelInput: true, valueLabels: null };

export const exampleCatalogue: CatalogueView = catalogueViewSchema.parse({
  catalogueName: 'home-credit',
  catalogueVersion: '1',
  themes: [
    { theme: 'loan-requested', label: text('Crédit demandé', 'Loan requested') },
    { theme: 'work', label: text('Travail', 'Work') },
    { theme: 'identity', label: text('Identité', 'Identity') },
    { theme: 'credit-bureau', label: text('Fichiers de crédit', 'Credit bureau') },
  ],
  fields: [
    { ...field, name: 'creditAmount', label: text('Montant du crédit', 'Credit amount'), definition: text('Le montant demandé.', 'The amount asked for.'), theme: 'loan-requested', unit: 'currency', type: 'number' },
    {
      ...field,
      name: 'contractType',
      label: text('Type de crédit', 'Type of loan'),
      definition: text('Amortissable ou renouvelable.', 'Cash or revolving.'),
      theme: 'loan-requested',
      unit: 'none',
      type: 'category',
      categories: [{ value: 'cash-loan', label: text('Crédit amortissable', 'Cash loan') }],
    },
    { ...field, name: 'employedSince', label: text('En poste depuis', 'Employed since'), definition: text('Date d’embauche.', 'Date of hire.'), theme: 'work', unit: 'none', type: 'date' },
    { ...field, name: 'ownsCar', label: text('Propriétaire d’une voiture', 'Owns a car'), definition: text('Oui ou non.', 'Yes or no.'), theme: 'identity', unit: 'none', type: 'boolean' },
    { ...field, isProtected: true, name: 'sex', label: text('Sexe', 'Sex'), definition: text('Mesure l’équité.', 'Measures fairness.'), theme: 'identity', unit: 'none', type: 'category', categories: [{ value: 'female', label: text('Femme', 'Female') }] },
    { ...field, name: 'occupation', label: text('Profession', 'Occupation'), definition: text('Le métier.', 'The job.'), theme: 'work', unit: 'none', type: 'text' },
  ],
  features: [
    { ...feature, name: 'creditAmount', label: text('Montant du crédit', 'Credit amount'), definition: text('Le montant demandé.', 'The amount asked for.'), theme: 'loan-requested', unit: 'currency', reasonCode: 'LOAN_AMOUNT', derivedFrom: ['creditAmount'] },
    { ...feature, name: 'annuityToIncome', label: text('Part de l’échéance', 'Share of the instalment'), definition: text('Échéance sur revenu.', 'Instalment over income.'), theme: 'loan-requested', unit: 'share', reasonCode: 'LOAN_LENGTH', derivedFrom: ['creditAmount'] },
    { ...feature, name: 'externalScoreMean', label: text('Moyenne des scores externes', 'Mean of the external scores'), definition: text('Moyenne.', 'Mean.'), theme: 'credit-bureau', unit: 'score', reasonCode: 'EXTERNAL_SCORES', derivedFrom: [] },
    { ...feature, name: 'submissionWeekday', label: text('Jour de la demande', 'Day of the application'), definition: text('Jour.', 'Day.'), theme: 'loan-requested', unit: 'none', reasonCode: 'WHEN', derivedFrom: ['submittedAt'], valueLabels: [text('lundi', 'Monday'), text('mardi', 'Tuesday')] },
  ],
});
