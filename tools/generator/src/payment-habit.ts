import type { SeededRandom } from '@lisible/credit';
import { clamp } from './draws.ts';
import type { Traits } from './traits.ts';

/**
 * How a client's worsening weighs on a payment so many months ago: +1 today, -1 two years ago, nothing before. Over the two years it adds up
 * to nothing, so a client who pays later and later has the same mean lateness as one who always paid a bit late.
 */
export const trendWeight = (monthsAgo: number): number => (monthsAgo > 24 ? 0 : 1 - monthsAgo / 12);

/** How a client pays instalments. */
export interface PaymentHabit {
  /** Logit of paying late, before any trend. */
  readonly lateLogit: number;
  /** Mean days late, when late. */
  readonly meanDaysLate: number;
  /** Share of payments on the very day. */
  readonly exactShare: number;
  /** Mean days ahead, otherwise. */
  readonly meanDaysAhead: number;
  /** Share of instalments paid in two parts. */
  readonly splitShare: number;
  readonly worsening: number;
}

export const drawPaymentHabit = (traits: Traits, random: SeededRandom): PaymentHabit => ({
  lateLogit: -3 - 1.05 * traits.discipline + 0.3 * random.normal(),
  meanDaysLate: 5 * Math.exp(clamp(-0.3 * traits.discipline, -1, 1.2)),
  exactShare: random.uniform() < 0.3 ? 0.6 : 0.08,
  meanDaysAhead: 12.5 * Math.exp(clamp(0.15 * traits.discipline + 0.25 * random.normal(), -0.8, 0.8)),
  splitShare: 0.045 * Math.exp(clamp(-0.4 * traits.discipline, -1.2, 1.5)),
  worsening: traits.worsening,
});

const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));
/** An exponential draw with mean one. */
const exponential = (random: SeededRandom): number => -Math.log(1 - random.uniform());

/** Days between due and paid: negative when ahead, positive when late. */
export const drawDaysLate = (habit: PaymentHabit, monthsAgo: number, random: SeededRandom): number => {
  const trend = habit.worsening * trendWeight(monthsAgo);
  if (random.uniform() < logistic(habit.lateLogit + 1.2 * trend)) {
    const usual = habit.meanDaysLate * Math.exp(clamp(0.4 * trend, -1, 1)) * exponential(random);
    // One late payment in thirty is a lasting one.
    return 1 + Math.floor(random.uniform() < 0.033 ? 12 * usual : usual);
  }
  if (random.uniform() < habit.exactShare) return 0;
  return -Math.min(75, 1 + Math.floor(habit.meanDaysAhead * Math.exp(clamp(-0.3 * trend, -1, 1)) * exponential(random)));
};
