import type { Advice, EstimatedOutcome, LocalizedText, PreparedAdvice } from '@lisible/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Estimator } from './estimator.ts';

/** Advice that passes by a hair would be refused for a rounding: half a case in 100 stays between it and the bound. */
export const adviceMargin = 0.005;

/** Approved at once, with room to the least risk that is not: the grey zone's lower end, or the threshold. */
const passes = ({ decision, probabilityOfDefault, decisionThreshold, greyZone }: EstimatedOutcome): boolean =>
  decision === 'approved' && probabilityOfDefault <= Math.min(decisionThreshold, greyZone?.lower ?? 1) - adviceMargin;

/**
 * The smallest change that passes. Every candidate is estimated, the least change first, so none that is smaller is missed; the chosen
 * one is estimated once more, by itself, before it is shown.
 */
@Injectable()
export class Advise {
  constructor(@Inject(Estimator) private readonly estimator: Estimator) {}

  /** @throws TransientError `no-model` */
  async execute({ applicationId, currency, before, candidates }: PreparedAdvice): Promise<Advice> {
    const estimates = await this.estimator.open(applicationId, currency, before.inputs);
    const [asked, ...outcomes] = estimates.outcomes([before.inputs, ...candidates.map(({ inputs }) => inputs)]);
    if (asked === undefined) throw new Error('the model answered nothing');
    const common = { applicationId, currency, ...estimates.references, before: { terms: before.terms, outcome: asked }, margin: adviceMargin };
    if (asked.decision === 'approved') return { ...common, kind: 'nothing-needed', after: null, tried: 0, reason: null };

    const tried = candidates.flatMap((candidate, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [{ ...candidate, outcome }];
    });
    const found = tried.find(({ outcome }) => passes(outcome));
    if (found !== undefined) {
      const [outcome] = estimates.outcomes([found.inputs]);
      if (outcome !== undefined && passes(outcome))
        return { ...common, kind: 'change', after: { terms: found.terms, outcome }, tried: tried.length, reason: null };
    }
    const best = tried.toSorted((a, b) => a.outcome.probabilityOfDefault - b.outcome.probabilityOfDefault).at(0);
    const after = best === undefined ? null : { terms: best.terms, outcome: best.outcome };
    return {
      ...common,
      kind: 'none',
      after,
      tried: tried.length,
      reason: whyNone(
        asked,
        tried.map(({ outcome }) => outcome),
      ),
    };
  }
}

/** Where nothing could be tried, that; a rule that every loan meets stands in the way by itself; else the risk does. */
const whyNone = ({ ruleHits }: EstimatedOutcome, outcomes: readonly EstimatedOutcome[]): LocalizedText => {
  if (outcomes.length === 0)
    return {
      fr: 'Aucun autre montant ni aucune autre durée n’a pu être essayé : le modèle y lirait un autre crédit que celui qui est demandé.',
      en: 'No other amount or term could be tried: the model would read another loan in them than the one asked for.',
    };
  const standing = ruleHits.find(({ code }) => outcomes.every((outcome) => outcome.ruleHits.some((hit) => hit.code === code)));
  if (standing !== undefined)
    return {
      fr: `Une règle de la politique de crédit s’applique quels que soient le montant et la durée. ${standing.statement.fr}`,
      en: `A rule of the credit policy applies whatever the amount and the term. ${standing.statement.en}`,
    };
  return {
    fr: 'Ce qui pèse le plus sur cette estimation n’est ni le montant ni la durée du crédit : aucun de ceux qui ont été essayés ne ramène le risque assez bas.',
    en: 'What weighs most on this estimate is neither the amount nor the term of the loan: none of those tried brings the risk low enough.',
  };
};
