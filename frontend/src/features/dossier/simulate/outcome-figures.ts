import type { EstimatedOutcome } from '@lisible/contracts';
import { verdictFigures } from '../verdict-figures.ts';

export interface OutcomeFigures {
  readonly before: string;
  readonly after: string;
  readonly threshold: string;
}

/** Two estimates and the threshold in cases per 100, with as many decimals as a verdict on either takes and as tell them apart: at most two. */
export const outcomeFigures = (
  sides: { readonly before: { readonly outcome: EstimatedOutcome }; readonly after: { readonly outcome: EstimatedOutcome } },
  write: (value: number, decimals: number) => string,
): OutcomeFigures => {
  const { before, after } = { before: sides.before.outcome, after: sides.after.outcome };
  const values = [before.probabilityOfDefault, after.probabilityOfDefault, after.decisionThreshold].map((value) => value * 100);
  const isTold = (decimals: number): boolean =>
    values.every((one, index) =>
      values.every((other, place) => place === index || one === other || one.toFixed(decimals) !== other.toFixed(decimals)),
    );
  const ofVerdicts = [before, after].map(
    ({ probabilityOfDefault, decisionThreshold, greyZone }) => verdictFigures(probabilityOfDefault, decisionThreshold, greyZone).decimals,
  );
  const decimals = Math.max([0, 1].find((count) => isTold(count)) ?? 2, ...ofVerdicts);
  const [first = 0, second = 0, third = 0] = values;
  return { before: write(first, decimals), after: write(second, decimals), threshold: write(third, decimals) };
};
