import type { EstimatedOutcome, PreparedInputs } from '@lisible/contracts';
import { Advise, adviceMargin } from './advise.ts';
import { AssessInputs } from './assess-inputs.ts';
import type { Estimates, Estimator } from './estimator.ts';

const greyZone = { lower: 0.08, upper: 0.105 };
const decided = (probabilityOfDefault: number, ruleHits: EstimatedOutcome['ruleHits'] = []): EstimatedOutcome => {
  const proposal = probabilityOfDefault >= 0.09 ? 'declined' : 'approved';
  const isGrey = probabilityOfDefault >= greyZone.lower && probabilityOfDefault <= greyZone.upper;
  return {
    probabilityOfDefault,
    decisionThreshold: 0.09,
    greyZone,
    proposal,
    decision: ruleHits.length > 0 ? 'declined' : isGrey ? 'referred' : proposal,
    ruleHits,
  };
};
const rule = { code: 'AGE', effect: 'decline' as const, statement: { fr: 'Mineur.', en: 'Under age.' } };
const inputs = (risk: number, isMet = false): PreparedInputs => ({ features: { risk }, policyInputs: { isMet } });

/** An estimator whose estimate is the feature `risk` itself. */
const estimator = (): Estimator => {
  const outcomes: Estimates['outcomes'] = (changes) =>
    changes.map(({ features, policyInputs }) => decided(features['risk'] ?? 0, policyInputs['isMet'] === true ? [rule] : []));
  const references = { modelName: 'm', modelVersion: 'v', policyName: 'p', policyVersion: 1 };
  const fake: Pick<Estimator, 'open'> = {
    open: () => Promise.resolve({ references, outcomes, explain: () => ({ outcome: decided(0), reasonCodes: [] }) }),
  };
  return fake as Estimator;
};
const terms = (creditAmount: number) => ({ creditAmount, annuityAmount: 1, goodsPriceAmount: null, termMonths: 12 });
const advise = (asked: PreparedInputs, candidates: readonly PreparedInputs[]) =>
  new Advise(estimator()).execute({
    applicationId: 'A-1',
    currency: 'EUR',
    before: { terms: terms(100), inputs: asked },
    candidates: candidates.map((candidate, index) => ({ terms: terms(99 - index), cost: (index + 1) / 100, inputs: candidate })),
  });

describe('advice', () => {
  it('is the first, hence smallest, change that is approved with the margin to the grey zone', async () => {
    const advice = await advise(inputs(0.14), [inputs(0.12), inputs(0.085), inputs(greyZone.lower - adviceMargin / 2), inputs(0.07), inputs(0.01)]);
    expect(advice).toMatchObject({
      kind: 'change',
      after: { terms: { creditAmount: 96 }, outcome: { probabilityOfDefault: 0.07, decision: 'approved' } },
      tried: 5,
    });
  });

  it('passes over a change that a rule declines however low its risk', async () => {
    expect(await advise(inputs(0.14), [inputs(0.01, true), inputs(0.05)])).toMatchObject({ kind: 'change', after: { terms: { creditAmount: 98 } } });
  });

  it('is none needed for what is approved, and tries nothing', async () => {
    expect(await advise(inputs(0.03), [inputs(0.01)])).toMatchObject({ kind: 'nothing-needed', after: null, tried: 0 });
  });

  it('helps who is referred, too', async () => {
    expect(await advise(inputs(0.085), [inputs(0.02)])).toMatchObject({ kind: 'change' });
  });

  it('is none where nothing passes, with the best that was tried and the reason: the risk, or the rule that every change meets', async () => {
    expect(await advise(inputs(0.3), [inputs(0.25), inputs(0.2), inputs(0.22)])).toMatchObject({
      kind: 'none',
      after: { outcome: { probabilityOfDefault: 0.2 } },
      reason: { en: expect.stringContaining('weighs most') },
    });
    expect(await advise(inputs(0.3, true), [inputs(0.02, true)])).toMatchObject({
      kind: 'none',
      reason: { en: expect.stringContaining('Under age.') },
    });
    // A rule that is met as asked cannot be said to hold for changes that nobody could try.
    for (const asked of [inputs(0.3), inputs(0.3, true)])
      expect(await advise(asked, [])).toMatchObject({ kind: 'none', after: null, reason: { en: expect.stringContaining('could be tried') } });
  });
});

describe('inputs that are not known', () => {
  const assumed = (field: string, risks: readonly number[]) => ({
    field,
    label: { fr: field, en: field },
    kind: 'missing' as const,
    statement: { fr: '', en: '' },
    variants: risks.map((risk) => ({ value: { fr: String(risk), en: String(risk) }, inputs: inputs(risk) })),
  });

  it('are told by how far they move the estimate, the heaviest first; those that do not are counted', async () => {
    const {
      inputs: told,
      lightInputs,
      unmeasuredInputs,
    } = await new AssessInputs(estimator()).execute({
      applicationId: 'A-1',
      currency: 'EUR',
      before: inputs(0.12),
      isHistoryMissing: false,
      inputs: [assumed('light', [0.1201, 0.1199]), assumed('small', [0.13]), assumed('great', [0.2, 0.05, 0.1]), assumed('without', [])],
    });
    expect(told.map(({ field, lowest, highest, couldChangeDecision }) => [field, lowest.value.en, highest.value.en, couldChangeDecision])).toEqual([
      ['great', '0.05', '0.2', true],
      ['small', '0.13', '0.13', false],
    ]);
    expect(lightInputs).toBe(1);
    expect(unmeasuredInputs).toEqual([{ fr: 'without', en: 'without' }]);
  });
});
