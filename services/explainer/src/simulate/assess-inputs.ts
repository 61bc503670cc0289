import type { AssumedInput, Assumptions, PreparedAssumptions } from '@lisible/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Estimator } from './estimator.ts';

/** A tenth of a case in 100: less is not seen at the precision that the dossier shows. */
const leastSpread = 0.001;

/** How far the estimate would move over the plausible values of what is not known for sure. */
@Injectable()
export class AssessInputs {
  constructor(@Inject(Estimator) private readonly estimator: Estimator) {}

  /** @throws TransientError `no-model` */
  async execute({ applicationId, currency, before, isHistoryMissing, inputs }: PreparedAssumptions): Promise<Assumptions> {
    const estimates = await this.estimator.open(applicationId, currency, before);
    const [outcome, ...outcomes] = estimates.outcomes([before, ...inputs.flatMap(({ variants }) => variants.map((variant) => variant.inputs))]);
    if (outcome === undefined) throw new Error('the model answered nothing');
    let place = 0;
    const weighed = inputs.map(({ variants, ...input }) => {
      const possible = variants
        .map(({ value }, index) => ({ value, outcome: outcomes[place + index] ?? outcome }))
        .sort((a, b) => a.outcome.probabilityOfDefault - b.outcome.probabilityOfDefault);
      place += variants.length;
      return { input, possible };
    });
    const assumed = weighed.flatMap(({ input, possible }): AssumedInput[] => {
      const [least, greatest] = [possible.at(0), possible.at(-1)];
      if (least === undefined || greatest === undefined) return [];
      return [
        {
          ...input,
          lowest: { value: least.value, probabilityOfDefault: least.outcome.probabilityOfDefault },
          highest: { value: greatest.value, probabilityOfDefault: greatest.outcome.probabilityOfDefault },
          couldChangeDecision: possible.some((one) => one.outcome.decision !== outcome.decision),
        },
      ];
    });
    const reach = ({ lowest, highest }: AssumedInput): number =>
      Math.max(outcome.probabilityOfDefault, highest.probabilityOfDefault) - Math.min(outcome.probabilityOfDefault, lowest.probabilityOfDefault);
    const heavy = assumed.filter((input) => reach(input) >= leastSpread || input.couldChangeDecision).sort((a, b) => reach(b) - reach(a));
    return {
      applicationId,
      ...estimates.references,
      outcome,
      inputs: heavy,
      lightInputs: assumed.length - heavy.length,
      unmeasuredInputs: inputs.filter(({ variants }) => variants.length === 0).map(({ label }) => label),
      isHistoryMissing,
    };
  }
}
