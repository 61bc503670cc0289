import { portfolioBins } from '@lisible/contracts';
import type { DecidedPortfolio, DecisionOutcome, Proposal } from '@lisible/contracts';
import { listSteps, stepBetween, stepOf } from './time-steps.ts';

/** Counts added up along one set of columns; the others are null. */
export interface CountedGroup {
  readonly day: string | null;
  readonly bin: number | null;
  readonly decision: DecisionOutcome | null;
  readonly proposal: Proposal | null;
  readonly modelVersion: string | null;
  readonly policyVersion: number | null;
  readonly currency: string | null;
  readonly applications: number;
  readonly pdSum: number;
  readonly withAmount: number;
  readonly amountSum: number;
  readonly lastDecidedAt: string | null;
}

type OutcomeCounts = DecidedPortfolio['decisions'];

const countsOf = (groups: readonly CountedGroup[]): OutcomeCounts => {
  const count = (outcome: DecisionOutcome): number => sumOf(groups.filter(({ decision }) => decision === outcome));
  return { approved: count('approved'), referred: count('referred'), declined: count('declined') };
};

const sumOf = (groups: readonly CountedGroup[]): number => groups.reduce((sum, { applications }) => sum + applications, 0);

/** Rounding of a long sum must not leave 0..1. */
const meanOf = (groups: readonly CountedGroup[]): number | null => {
  const applications = sumOf(groups);
  return applications === 0 ? null : Math.min(1, Math.max(0, groups.reduce((sum, { pdSum }) => sum + pdSum, 0) / applications));
};

/** The edges of a bin, as round as they are written. */
export const edgesOf = (bin: number): { readonly lower: number; readonly upper: number } => ({
  lower: bin / portfolioBins,
  upper: (bin + 1) / portfolioBins,
});

/**
 * What was decided, from counts by (day, decision), (bin, decision), proposal, model version, policy version and currency.
 * @param counted first and last day on which anything is counted, whatever was asked for
 * @param asked the days that were asked for, both included
 */
export const describeDecided = (
  groups: readonly CountedGroup[],
  counted: DecidedPortfolio['counted'],
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
): DecidedPortfolio => {
  const byDay = groups.filter(({ day }) => day !== null);
  const byBin = Map.groupBy(
    groups.filter(({ bin }) => bin !== null),
    ({ bin }) => bin ?? 0,
  );
  const ofProposal = (wanted: Proposal): number => sumOf(groups.filter(({ proposal }) => proposal === wanted));
  return {
    counted,
    lastDecidedAt: byDay.reduce<string | null>(
      (last, { lastDecidedAt }) => (last === null || (lastDecidedAt ?? '') > last ? lastDecidedAt : last),
      null,
    ),
    applications: sumOf(byDay),
    decisions: countsOf(byDay),
    proposals: { approved: ofProposal('approved'), declined: ofProposal('declined') },
    meanProbabilityOfDefault: meanOf(byDay),
    requested: groups
      .flatMap(({ currency, withAmount, amountSum }) =>
        currency === null || withAmount === 0 ? [] : [{ currency, applications: withAmount, amount: amountSum }],
      )
      .toSorted((a, b) => b.applications - a.applications || (a.currency < b.currency ? -1 : 1)),
    modelVersions: groups
      .flatMap(({ modelVersion, applications }) => (modelVersion === null ? [] : [{ modelVersion, applications }]))
      .toSorted((a, b) => b.applications - a.applications || (a.modelVersion < b.modelVersion ? -1 : 1)),
    policyVersions: groups
      .flatMap(({ policyVersion, applications }) => (policyVersion === null ? [] : [{ policyVersion, applications }]))
      .toSorted((a, b) => b.policyVersion - a.policyVersion),
    distribution: Array.from({ length: Math.max(-1, ...byBin.keys()) + 1 }, (_, bin) => ({ ...edgesOf(bin), ...countsOf(byBin.get(bin) ?? []) })),
    overTime: describeSteps(byDay, counted, asked),
  };
};

/** From where decisions are counted or asked for, whichever is later, to where they are counted or asked for, whichever is earlier. */
const describeSteps = (
  byDay: readonly CountedGroup[],
  counted: DecidedPortfolio['counted'],
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): DecidedPortfolio['overTime'] => {
  if (counted === null) return { step: 'day', steps: [] };
  const firstDay = from !== undefined && from > counted.firstDay ? from : counted.firstDay;
  const lastDay = to !== undefined && to < counted.lastDay ? to : counted.lastDay;
  if (firstDay > lastDay) return { step: 'day', steps: [] };
  const step = stepBetween(firstDay, lastDay);
  const byStep = Map.groupBy(byDay, ({ day }) => stepOf(day ?? '', step));
  return {
    step,
    steps: listSteps(firstDay, lastDay, step).map((first) => {
      const ofStep = byStep.get(first) ?? [];
      return { firstDay: first, ...countsOf(ofStep), meanProbabilityOfDefault: meanOf(ofStep) };
    }),
  };
};
