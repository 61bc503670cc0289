import {
  adviceSchema,
  assumptionsSchema,
  simulationSchema,
  type Advice,
  type Assumptions,
  type EstimatedOutcome,
  type Simulation,
} from '@lisible/contracts';
import { exampleReason } from './examples.ts';

/** Answers as the contract has them, for specs only. */
export const exampleOutcome = (part: Partial<EstimatedOutcome> = {}): EstimatedOutcome => ({
  probabilityOfDefault: 0.142,
  decisionThreshold: 1 / 11,
  greyZone: { lower: 0.081, upper: 0.103 },
  proposal: 'declined',
  decision: 'declined',
  ruleHits: [],
  ...part,
});
const references = { modelName: 'home-credit', modelVersion: 'v7', policyName: 'consumer-credit', policyVersion: 3 };
const asked = { creditAmount: 260_000, annuityAmount: 15_000, goodsPriceAmount: 260_000, termMonths: 24 };
const less = { creditAmount: 210_000, annuityAmount: 12_115, goodsPriceAmount: 210_000, termMonths: 24 };
const passing = exampleOutcome({ probabilityOfDefault: 0.074, proposal: 'approved', decision: 'approved' });

export const exampleSimulation = (part: Partial<Simulation> = {}): Simulation =>
  simulationSchema.parse({
    applicationId: 'A-1',
    currency: 'EUR',
    ...references,
    levers: [
      { name: 'creditAmount', label: { fr: 'Montant du crédit', en: 'Credit amount' }, min: 50_000, max: 390_000, step: 5000, values: null },
      { name: 'termMonths', label: { fr: 'Durée, en mois', en: 'Term, in months' }, min: 12, max: 60, step: 1, values: [12, 24, 36, 60] },
      { name: 'annuityAmount', label: { fr: 'Échéance', en: 'Instalment' }, min: 2000, max: 40_000, step: 1, values: null },
    ],
    note: null,
    before: { terms: asked, outcome: exampleOutcome(), reasonCodes: [exampleReason()] },
    after: { terms: asked, outcome: exampleOutcome(), reasonCodes: [exampleReason()] },
    ...part,
  });

/** With a smaller loan, which passes. */
export const exampleSmallerLoan = (): Simulation =>
  exampleSimulation({ after: { terms: less, outcome: passing, reasonCodes: [exampleReason({ points: 1.2 })] } });

export const exampleAdvice = (part: Partial<Advice> = {}): Advice =>
  adviceSchema.parse({
    applicationId: 'A-1',
    currency: 'EUR',
    ...references,
    kind: 'change',
    before: { terms: asked, outcome: exampleOutcome() },
    after: { terms: less, outcome: passing },
    margin: 0.005,
    tried: 169,
    reason: null,
    ...part,
  });

export const exampleAssumptions = (part: Partial<Assumptions> = {}): Assumptions =>
  assumptionsSchema.parse({
    applicationId: 'A-1',
    ...references,
    outcome: exampleOutcome(),
    inputs: [
      {
        field: 'externalScore1',
        label: { fr: 'Score externe n° 1', en: 'External score no. 1' },
        kind: 'missing',
        statement: { fr: 'Absent.', en: 'Absent.' },
        lowest: { value: { fr: '0,79', en: '0.79' }, probabilityOfDefault: 0.072 },
        highest: { value: { fr: '0,21', en: '0.21' }, probabilityOfDefault: 0.201 },
        couldChangeDecision: true,
      },
      {
        field: 'occupation',
        label: { fr: 'Profession', en: 'Occupation' },
        kind: 'unseen-category',
        statement: { fr: 'Profession inconnue du modèle.', en: 'Occupation unknown to the model.' },
        lowest: { value: { fr: 'Chauffeur', en: 'Driver' }, probabilityOfDefault: 0.138 },
        highest: { value: { fr: 'Ouvrier', en: 'Worker' }, probabilityOfDefault: 0.15 },
        couldChangeDecision: false,
      },
    ],
    lightInputs: 3,
    unmeasuredInputs: [],
    isHistoryMissing: false,
    ...part,
  });
