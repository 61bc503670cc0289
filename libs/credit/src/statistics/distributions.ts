/** The 97.5 % quantile of the standard normal distribution. */
export const normalQuantile975 = 1.959963984540054;

/** Lanczos' coefficients for g = 7, n = 9 (Godfrey): relative error about 1e-15. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x), x > 0. */
export const logGamma = (x: number): number => {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const base = shifted + 7.5;
  const sum = lanczos.reduce((total, coefficient, index) => (index === 0 ? coefficient : total + coefficient / (shifted + index)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
};

/** Q(a, x), the regularised upper incomplete gamma function, by series below a + 1 and Lentz's continued fraction above. */
const upperGamma = (a: number, x: number): number => {
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - front * sum);
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = numerator * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return front * fraction;
};

/** P(|Z| ≥ |z|) of a standard normal Z. */
export const normalTwoSidedPValue = (z: number): number => (Number.isNaN(z) ? Number.NaN : upperGamma(0.5, (z * z) / 2));

/** P(X ≥ value) of a χ² with these degrees of freedom. */
export const chiSquarePValue = (value: number, degreesOfFreedom: number): number => upperGamma(degreesOfFreedom / 2, value / 2);

/** P(K ≥ value) of Kolmogorov's limiting distribution: of √n·D for large samples. */
export const kolmogorovPValue = (value: number): number => {
  if (value <= 0) return 1;
  if (value < 1) {
    // The alternating series is slow here; Jacobi's transform of it converges at once.
    let below = 0;
    for (let k = 1; k <= 20; k++) below += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * value * value));
    return Math.min(1, Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / value) * below));
  }
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * value * value);
  return Math.min(1, Math.max(0, sum));
};
