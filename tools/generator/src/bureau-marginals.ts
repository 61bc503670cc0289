import type { QuantileTable } from './draws.ts';
import { encodeCell } from './byte-table.ts';

/** Parameters of distributions of Home Credit's `bureau` and `bureau_balance`, rounded; no row of them. Days are lengths, amounts units of money. */

export const creditsPerClient: QuantileTable = [
  [0, 1],
  [0.1, 1],
  [0.25, 2],
  [0.5, 4.3],
  [0.75, 7.6],
  [0.9, 12],
  [0.95, 14.5],
  [0.99, 21],
  [1, 45],
];

/** Days since a credit was opened. */
export const creditAge: QuantileTable = [
  [0, 1],
  [0.01, 36],
  [0.05, 123],
  [0.1, 219],
  [0.25, 471],
  [0.5, 977],
  [0.75, 1649],
  [0.9, 2409],
  [0.95, 2657],
  [1, 2922],
];

export interface BureauCreditType {
  readonly name: string;
  readonly cell: Uint8Array;
  readonly share: number;
  readonly termDays: QuantileTable;
  /** Logarithm of the amount: mean and standard deviation. */
  readonly amount: readonly [mean: number, deviation: number];
  /** Share of credits whose amount is zero. */
  readonly zeroShare: number;
  /** Share that is paid back before its end. */
  readonly earlyShare: number;
  /** Share whose end the bureau does not know. */
  readonly endlessShare: number;
}

const type = (name: string, rest: Omit<BureauCreditType, 'name' | 'cell'>): BureauCreditType => ({ name, cell: encodeCell(name), ...rest });

export const bureauCreditTypes: readonly BureauCreditType[] = [
  type('Consumer credit', {
    share: 0.7315,
    termDays: [
      [0, 20],
      [0.05, 91],
      [0.1, 122],
      [0.25, 184],
      [0.5, 365],
      [0.72, 730],
      [0.85, 1096],
      [0.93, 1826],
      [1, 1827],
    ],
    amount: [11.72, 1.15],
    zeroShare: 0.0001,
    earlyShare: 0.38,
    endlessShare: 0.009,
  }),
  type('Credit card', {
    share: 0.2325,
    termDays: [
      [0, 30],
      [0.05, 300],
      [0.1, 600],
      [0.25, 1096],
      [0.5, 1461],
      [0.75, 2900],
      [0.9, 31000],
      [1, 33800],
    ],
    amount: [11.85, 0.8],
    zeroShare: 0.163,
    earlyShare: 0.25,
    endlessShare: 0.217,
  }),
  type('Car loan', {
    share: 0.0153,
    termDays: [
      [0, 365],
      [0.25, 1096],
      [0.5, 1461],
      [0.75, 1826],
      [1, 2557],
    ],
    amount: [14.25, 0.62],
    zeroShare: 0,
    earlyShare: 0.4,
    endlessShare: 0.005,
  }),
  type('Mortgage', {
    share: 0.0101,
    termDays: [
      [0, 1461],
      [0.25, 3652],
      [0.5, 5479],
      [0.75, 7305],
      [1, 10957],
    ],
    amount: [15.3, 0.62],
    zeroShare: 0,
    earlyShare: 0.25,
    endlessShare: 0.03,
  }),
  type('Microloan', {
    share: 0.0083,
    termDays: [
      [0, 7],
      [0.5, 25],
      [0.75, 90],
      [1, 365],
    ],
    amount: [10.15, 0.8],
    zeroShare: 0,
    earlyShare: 0.2,
    endlessShare: 0.47,
  }),
  type('Loan for business development', {
    share: 0.0012,
    termDays: [
      [0, 365],
      [1, 2922],
    ],
    amount: [13.4, 1],
    zeroShare: 0,
    earlyShare: 0.2,
    endlessShare: 0,
  }),
  type('Another type of loan', {
    share: 0.0007,
    termDays: [
      [0, 180],
      [1, 1461],
    ],
    amount: [12.5, 1],
    zeroShare: 0.4,
    earlyShare: 0.2,
    endlessShare: 0.4,
  }),
  type('Unknown type of loan', {
    share: 0.0004,
    termDays: [
      [0, 180],
      [1, 730],
    ],
    amount: [11.8, 1],
    zeroShare: 0,
    earlyShare: 0.2,
    endlessShare: 0,
  }),
];

export interface BureauProvider {
  readonly weight: number;
  readonly reportsAnnuity: boolean;
  readonly reportsLargestOverdue: boolean;
  readonly reportsLimit: boolean;
  readonly reportsDebt: boolean;
  readonly reportsMonths: boolean;
  /** Share of months of which it knows nothing (status X). */
  readonly unknownMonths: number;
}

const provider = (weight: number, reported: string, unknownMonths: number): BureauProvider => ({
  weight,
  reportsAnnuity: reported.includes('A'),
  reportsLargestOverdue: reported.includes('O'),
  reportsLimit: reported.includes('L'),
  reportsDebt: reported.includes('D'),
  reportsMonths: reported.includes('M'),
  unknownMonths,
});

/**
 * Who sends credits to the bureau. None reports every column, so that whole blocks are missing together, as in the real table:
 * A = AMT_ANNUITY, O = AMT_CREDIT_MAX_OVERDUE, L = AMT_CREDIT_SUM_LIMIT, D = AMT_CREDIT_SUM_DEBT, M = months in bureau_balance.
 */
export const bureauProviders: readonly BureauProvider[] = [
  provider(0.2, 'ADLM', 0.4),
  provider(0.16, 'ODM', 0.45),
  provider(0.14, 'DLM', 0.7),
  provider(0.12, 'OLM', 0.5),
  provider(0.1, 'ADL', 0),
  provider(0.1, 'DLM', 0.6),
  provider(0.08, 'AODLM', 0.3),
  provider(0.06, 'M', 0.75),
  provider(0.04, 'AD', 0),
];
