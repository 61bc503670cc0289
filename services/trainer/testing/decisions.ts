import type { ApplicationDecided, DecisionOutcome } from '@lisible/contracts';
import { createRandom } from '@lisible/credit';

/** Decisions over some weeks, of two models, two versions of the policy and two currencies; every seventh says no amount. */
export const drawDecisions = (count: number, seed = 5): readonly ApplicationDecided[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index): ApplicationDecided => {
    const probabilityOfDefault = index === 0 ? 1 : index === 1 ? 0 : Math.min(1, random.uniform() ** 3);
    const proposal = probabilityOfDefault >= 1 / 11 ? 'declined' : 'approved';
    const draw = random.uniform();
    const decision: DecisionOutcome = draw < 0.1 ? 'declined' : draw < 0.25 ? 'referred' : proposal;
    const decidedAt = new Date(Date.UTC(2026, 9, 1) + random.integer(40) * 86_400_000 + random.integer(86_400_000)).toISOString();
    return {
      applicationId: `A-${index}`,
      clientId: `C-${index}`,
      // An instant may be written without its milliseconds.
      decidedAt: index % 3 === 0 ? decidedAt.replace(/\.\d+Z$/, 'Z') : decidedAt,
      modelName: 'credit-default',
      modelVersion: random.uniform() < 0.7 ? 'v1' : 'v2',
      policyName: 'consumer-credit',
      policyVersion: 1 + random.integer(2),
      probabilityOfDefault,
      margin: Math.log((probabilityOfDefault + 1e-9) / (1 - probabilityOfDefault + 1e-9)),
      decisionThreshold: 1 / 11,
      greyZone: null,
      proposal,
      decision,
      ruleHits: [],
      isHistoryMissing: true,
      featuresHash: 'f00d',
      catalogueVersion: '1',
      currency: random.uniform() < 0.9 ? 'EUR' : 'CHF',
      features: { creditAmount: index % 7 === 0 ? null : 1000 + random.integer(50) * 500 },
    };
  });
};
