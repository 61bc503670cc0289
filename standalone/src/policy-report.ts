import type { Policy, PolicyVersion } from '@lisible/contracts';
import type { JudgedPolicy as Judged, PolicyTrial } from '@lisible/scoring';

/** A policy with its name in the table. */
export interface TitledPolicy extends Judged {
  readonly title: string;
}

type PolicyComparison = PolicyTrial['comparison'];
type CountedShare = Judged['effect']['approved'];
type Interval = Judged['effect']['costPerApplication'];

const decimal = (value: number, digits: number): string => value.toFixed(digits).replace('-', '\u2212');
const percent = (share: number, digits = 1): string => `${decimal(share * 100, digits)} %`;
const whole = (value: number): string => Math.round(value).toLocaleString('en-GB').replace('-', '\u2212');
/** In units of a good client refused. */
const inUnits = (value: number): string => decimal(value, 4);

const shareText = ({ value, lower, upper }: CountedShare): string => `${percent(value)} (${decimal(lower * 100, 1)}–${percent(upper)})`;
const intervalText = ({ value, lower, upper }: Interval, write: (value: number) => string): string =>
  `${write(value)} (${write(lower)} to ${write(upper)})`;

const thresholdText = ({ policy, effect: { thresholds } }: TitledPolicy): string =>
  thresholds.least === thresholds.greatest
    ? percent(policy.decisionThreshold, 2)
    : `by amount: ${percent(thresholds.least)} to ${percent(thresholds.greatest)}, median ${percent(thresholds.median)}`;

const amountsText = ({ amountAwareCost }: Policy): string =>
  amountAwareCost === null || amountAwareCost === undefined
    ? 'not weighed'
    : `${percent(amountAwareCost.lossGivenDefault, 0)} lost, ${percent(amountAwareCost.marginRate)} earned`;

const zoneText = ({ policy: { greyZone } }: TitledPolicy): string =>
  greyZone === null ? 'none' : `${decimal(greyZone.lower * 100, 2)}–${percent(greyZone.upper, 2)}`;

type Row = readonly [label: string, text: (judged: TitledPolicy) => string];

const rowsOf = (judge: Policy): readonly Row[] => [
  ['unpaid loan : good client refused', ({ policy: { misclassificationCost: costs } }) => `${costs.falseNegative} : ${costs.falsePositive}`],
  ['amounts', ({ policy }) => amountsText(policy)],
  ['threshold', thresholdText],
  ['review capacity', ({ policy }) => percent(policy.reviewCapacity)],
  ['grey zone', zoneText],
  ['approved', ({ effect }) => shareText(effect.approved)],
  ['referred', ({ effect }) => shareText(effect.referred)],
  ['  by the grey zone alone', ({ effect }) => shareText(effect.referredByGreyZone)],
  ['declined', ({ effect }) => shareText(effect.declined)],
  ['  by a rule', ({ effect }) => shareText(effect.declinedByRule)],
  [
    'default rate of the approved',
    ({ effect }) => (effect.defaultRateAmongApproved === null ? 'nobody' : shareText(effect.defaultRateAmongApproved)),
  ],
  [
    `cost per application (${judge.misclassificationCost.falseNegative} : ${judge.misclassificationCost.falsePositive})`,
    ({ effect }) => intervalText(effect.costPerApplication, inUnits),
  ],
  ...(judge.amountAwareCost === null || judge.amountAwareCost === undefined
    ? []
    : [
        [
          'cost per application by amount',
          ({ effect }: TitledPolicy) =>
            effect.amountAwareCostPerApplication === null ? 'no amounts' : intervalText(effect.amountAwareCostPerApplication, whole),
        ] as const,
      ]),
];

/** Text columns, each as wide as its widest cell, two spaces apart. */
const aligned = (table: readonly (readonly string[])[]): readonly string[] => {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

const ruleLines = ({ title, effect }: TitledPolicy): readonly string[] => [
  `Rules, ${title}:`,
  ...aligned([
    ['  code', 'effect', 'met', 'decides alone', 'default rate'],
    ...effect.rules.map(({ code, effect: does, hits, decisive, defaultRate }) => [
      `  ${code}`,
      does,
      `${whole(hits.count)} (${percent(hits.value, 2)})`,
      whole(decisive),
      defaultRate === null ? '' : shareText(defaultRate),
    ]),
  ]),
];

const comparisonLines = ({ agreement, flips, costDifference, amountAwareCostDifference }: PolicyComparison): readonly string[] => [
  `${percent(agreement.value, 2)} of the decisions stay${flips.length === 0 ? '.' : ':'}`,
  ...aligned(
    flips.map(({ from, to, rows, defaultRate }) => [
      `  ${from} → ${to}`,
      `${whole(rows.count)} (${percent(rows.value, 2)})`,
      `default rate ${shareText(defaultRate)}`,
    ]),
  ),
  `Cost per application changes by ${intervalText(costDifference, inUnits)}.`,
  ...(amountAwareCostDifference === null ? [] : [`By amount it changes by ${intervalText(amountAwareCostDifference, whole)}.`]),
];

/**
 * What policies do to the champion's past loans, side by side, as lines of text. The last one's costs judge all of them; `comparison`
 * is of the first and the last.
 */
export const policyReport = (judged: readonly TitledPolicy[], comparison: PolicyComparison | null): readonly string[] => {
  const last = judged.at(-1);
  if (last === undefined) return [];
  return [
    ...aligned([['', ...judged.map(({ title }) => title)], ...rowsOf(last.policy).map(([label, text]) => [label, ...judged.map(text)])]),
    '',
    ...ruleLines(last),
    '  Past loans are what the model learnt its ranges from, so none lies outside them.',
    ...(comparison === null ? [] : ['', ...comparisonLines(comparison)]),
    '',
    `${whole(last.effect.rows)} past loans, estimated out of fold; in brackets 95 % intervals. Costs are those of the model’s own proposals.`,
  ];
};

/** Who adopted which version, when and why, latest first. */
export const historyLines = (versions: readonly PolicyVersion[]): readonly string[] =>
  aligned(versions.map(({ policyVersion, adoptedAt, adoptedBy, reason }) => [`version ${policyVersion}`, adoptedAt, adoptedBy, reason]));
