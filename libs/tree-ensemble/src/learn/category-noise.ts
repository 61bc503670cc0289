/**
 * What sorting alone would find in categories that tell nothing.
 *
 * Without any effect, a category's gradient over the root of its hessian is about standard normal (the log-loss has unit dispersion).
 * Sorted, the i-th of K is expected at the order statistic z₍ᵢ₎, here by Blom's approximation (1958); a run of them taken to one side
 * gains `(Σ √h z₍ᵢ₎)² / Σ h · H / (H − Σ h)`, with h their hessians and H the leaf's. LightGBM compares such gains with those of
 * thresholds as they are, so that a feature of hundreds of codes wins by chance and costs more than it tells (the figure `train-auc`).
 */
export class NoiseGain {
  readonly #numCategories: number;
  readonly #totalHessian: number;
  #length = 0;
  #sum = 0;
  #hessian = 0;

  /** `numCategories`: among which a run is chosen; a single one has the others to stand against. */
  constructor(numCategories: number, totalHessian: number) {
    this.#numCategories = Math.max(2, numCategories);
    this.#totalHessian = totalHessian;
  }

  /** Of the run that one more category, of this hessian, makes longer. */
  add(hessian: number): number {
    this.#length++;
    this.#sum += Math.sqrt(hessian) * normalQuantile((this.#length - 0.375) / (this.#numCategories + 0.25));
    this.#hessian += hessian;
    return ((this.#sum * this.#sum) / this.#hessian) * (this.#totalHessian / (this.#totalHessian - this.#hessian));
  }
}

const centreNumerator = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239];
const centreDenominator = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
const tailNumerator = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
const tailDenominator = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
const tail = 0.02425;

/** Inverse of the standard normal distribution, 0 < share < 1, within 1.2e-9 of the value (Acklam's rational approximations). */
export function normalQuantile(share: number): number {
  if (share > 0.5) return -normalQuantile(1 - share);
  if (share < tail) {
    const root = Math.sqrt(-2 * Math.log(share));
    return polynomial(tailNumerator, root) / polynomial(tailDenominator, root);
  }
  const fromCentre = share - 0.5;
  const square = fromCentre * fromCentre;
  return (fromCentre * polynomial(centreNumerator, square)) / polynomial(centreDenominator, square);
}

const polynomial = (coefficients: readonly number[], at: number): number => coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
