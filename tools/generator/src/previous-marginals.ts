import { encodeCell } from './byte-table.ts';
import type { QuantileTable, WeightedNames } from './draws.ts';
import { wordTable, type WordTable } from './word-draw.ts';

/** Parameters of distributions of Home Credit's `previous_application`, rounded; no row of it. */

export const requestsPerClient: QuantileTable = [
  [0, 1],
  [0.1, 1],
  [0.25, 2],
  [0.5, 4],
  [0.75, 6.5],
  [0.9, 10],
  [0.95, 13],
  [0.99, 18.5],
  [1, 45],
];

export type LoanKind = 'consumer' | 'cash' | 'card';
export type Answer = 'approved' | 'refused' | 'canceled' | 'unused';

export interface RequestKind {
  readonly loan: LoanKind;
  readonly answer: Answer;
  readonly share: number;
  /** Days since the decision. */
  readonly age: QuantileTable;
}

const ages = (...values: readonly number[]): QuantileTable =>
  [0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1].map((probability, index) => [probability, values[index] ?? Number.NaN] as const);

export const requestKinds: readonly RequestKind[] = [
  { loan: 'consumer', answer: 'approved', share: 0.3593, age: ages(2, 160, 261, 518, 1063, 1913, 2519, 2706, 2922) },
  { loan: 'cash', answer: 'approved', share: 0.1918, age: ages(2, 181, 263, 469, 774, 1155, 1830, 2374, 2920) },
  { loan: 'cash', answer: 'canceled', share: 0.1719, age: ages(2, 20, 47, 138, 243, 363, 463, 520, 1000) },
  { loan: 'cash', answer: 'refused', share: 0.101, age: ages(2, 44, 126, 218, 384, 647, 1267, 1787, 2910) },
  { loan: 'card', answer: 'approved', share: 0.0593, age: ages(3, 159, 209, 327, 600, 1500, 2600, 2800, 2922) },
  { loan: 'consumer', answer: 'refused', share: 0.0414, age: ages(16, 214, 297, 574, 1214, 2189, 2604, 2744, 2915) },
  { loan: 'card', answer: 'canceled', share: 0.0298, age: ages(3, 64, 118, 200, 288, 392, 463, 509, 589) },
  { loan: 'card', answer: 'refused', share: 0.0285, age: ages(7, 122, 169, 277, 450, 818, 1374, 2047, 2881) },
  { loan: 'consumer', answer: 'unused', share: 0.0161, age: ages(9, 136, 203, 375, 749, 1310, 1978, 2101, 2355) },
];

export const loanNames: Readonly<Record<LoanKind, Uint8Array>> = {
  consumer: encodeCell('Consumer loans'),
  cash: encodeCell('Cash loans'),
  card: encodeCell('Revolving loans'),
};
export const answerNames: Readonly<Record<Answer, Uint8Array>> = {
  approved: encodeCell('Approved'),
  refused: encodeCell('Refused'),
  canceled: encodeCell('Canceled'),
  unused: encodeCell('Unused offer'),
};

/** Number of instalments, with shares. */
export const consumerTerms: WeightedNames = [
  ['12', 0.326],
  ['6', 0.244],
  ['10', 0.196],
  ['24', 0.085],
  ['8', 0.046],
  ['4', 0.038],
  ['18', 0.035],
  ['14', 0.012],
  ['16', 0.008],
  ['36', 0.007],
  ['5', 0.006],
];
export const cashTerms: WeightedNames = [
  ['12', 0.2745],
  ['24', 0.182],
  ['18', 0.138],
  ['36', 0.132],
  ['48', 0.086],
  ['6', 0.078],
  ['60', 0.055],
  ['30', 0.037],
  ['42', 0.0175],
];

export const refusalReasons: WordTable = wordTable([
  ['HC', 0.623],
  ['LIMIT', 0.19],
  ['SCO', 0.115],
  ['SCOFR', 0.0415],
  ['XNA', 0.0145],
  ['VERIF', 0.0136],
  ['SYSTEM', 0.0016],
]);
export const cashPurposes: WordTable = wordTable([
  ['XNA', 0.908],
  ['Repairs', 0.029],
  ['Other', 0.0202],
  ['Urgent needs', 0.0116],
  ['Buying a used car', 0.0043],
  ['Everyday expenses', 0.0039],
  ['Payments on other loans', 0.0034],
  ['Building a house or an annex', 0.0033],
  ['Medicine', 0.0032],
  ['Buying a holiday home / land', 0.0018],
  ['Buying a new car', 0.0017],
  ['Buying a home', 0.0016],
  ['Education', 0.0016],
  ['Car repairs', 0.0015],
  ['Purchase of electronic equipment', 0.0013],
  ['Journey', 0.0011],
  ['Business development', 0.0009],
  ['Furniture', 0.0008],
  ['Wedding / gift / holiday', 0.0006],
  ['Hobby', 0.0001],
  ['Buying a garage', 0.0001],
  ['Gasification / water supply', 0.0001],
]);
export const paymentTypes: WordTable = wordTable([
  ['Cash through the bank', 0.985],
  ['Non-cash from your account', 0.0085],
  ['XNA', 0.0055],
  ['Cashless from the account of the employer', 0.001],
]);
export const company: WordTable = wordTable([
  ['Unaccompanied', 0.44],
  ['Family', 0.348],
  ['Spouse, partner', 0.108],
  ['Children', 0.051],
  ['Other_B', 0.033],
  ['Other_A', 0.0165],
  ['Group of people', 0.0035],
]);
export const companyForCash: WordTable = wordTable([
  ['Unaccompanied', 0.81],
  ['Family', 0.123],
  ['Spouse, partner', 0.041],
  ['Children', 0.013],
  ['Other_B', 0.008],
  ['Other_A', 0.004],
  ['Group of people', 0.001],
]);
export const clientTypes: WordTable = wordTable([
  ['Repeater', 0.89],
  ['Refreshed', 0.108],
  ['XNA', 0.002],
]);

/** Goods, the industry that sells them, the product's word for it, the logarithm of the usual price. */
export const goods: readonly (readonly [name: string, industry: string, product: string, share: number, logPrice: number])[] = [
  ['Mobile', 'Connectivity', 'mobile', 0.31, 10.65],
  ['Consumer Electronics', 'Consumer electronics', 'household', 0.163, 11.1],
  ['Computers', 'Consumer electronics', 'household', 0.151, 11.35],
  ['Audio/Video', 'Consumer electronics', 'household', 0.1365, 11.2],
  ['Furniture', 'Furniture', 'industry', 0.074, 11.6],
  ['Clothing and Accessories', 'Clothing', 'industry', 0.0385, 11.35],
  ['Construction Materials', 'Construction', 'industry', 0.0365, 11.55],
  ['Photo / Cinema Equipment', 'Consumer electronics', 'household', 0.0326, 10.9],
  ['Auto Accessories', 'Auto technology', 'other', 0.0106, 11.5],
  ['Jewelry', 'Jewelry', 'other', 0.0082, 11.5],
  ['Homewares', 'Construction', 'industry', 0.0073, 11.3],
  ['Medical Supplies', 'Industry', 'other', 0.0063, 11.5],
  ['Gardening', 'Construction', 'industry', 0.0045, 11.1],
  ['Vehicles', 'Industry', 'industry', 0.0043, 12],
  ['Office Appliances', 'Consumer electronics', 'household', 0.0041, 11],
  ['Sport and Leisure', 'Industry', 'other', 0.0031, 11],
  ['Tourism', 'Tourism', 'other', 0.0028, 11.8],
  ['Other', 'Industry', 'other', 0.0027, 11.4],
  ['Medicine', 'Industry', 'other', 0.0021, 11.2],
  ['Direct Sales', 'MLM partners', 'other', 0.0006, 11.2],
  ['Weapon', 'Industry', 'other', 0.0002, 11.2],
  ['Fitness', 'Industry', 'other', 0.0002, 11.2],
  ['Additional Service', 'Industry', 'other', 0.0002, 11.2],
  ['Insurance', 'Industry', 'other', 0.0001, 11.2],
];
export const shopChannels: WordTable = wordTable([
  ['Country-wide', 0.5951],
  ['Stone', 0.2669],
  ['Regional / Local', 0.1362],
  ['Credit and cash offices', 0.0014],
  ['Car dealer', 0.0004],
]);
export const officeChannels: WordTable = wordTable([
  ['Credit and cash offices', 0.8],
  ['Contact center', 0.08],
  ['AP+ (Cash loan)', 0.052],
  ['Country-wide', 0.051],
  ['Channel of corporate sales', 0.0065],
  ['Regional / Local', 0.0055],
  ['Stone', 0.005],
]);
export const sellerAreas: QuantileTable = [
  [0, 0],
  [0.05, 12],
  [0.1, 20],
  [0.25, 35],
  [0.5, 96],
  [0.75, 581],
  [0.9, 1995],
  [0.97, 3300],
  [1, 9000],
];
/** Credit over the sum asked for. */
export const cashCreditOverAsked: QuantileTable = [
  [0, 1],
  [0.25, 1],
  [0.3, 1.05],
  [0.5, 1.1],
  [0.75, 1.17],
  [0.9, 1.25],
  [0.95, 1.31],
  [1, 1.6],
];
export const consumerCreditOverAsked: QuantileTable = [
  [0, 0.8],
  [0.1, 0.9],
  [0.25, 0.99],
  [0.5, 1.05],
  [0.75, 1.1],
  [0.9, 1.14],
  [1, 1.35],
];
export const cardLimits: WeightedNames = [
  ['0', 0.09],
  ['180000', 0.19],
  ['135000', 0.135],
  ['45000', 0.13],
  ['67500', 0.1],
  ['90000', 0.09],
  ['450000', 0.065],
  ['112500', 0.055],
  ['225000', 0.05],
  ['270000', 0.045],
  ['157500', 0.03],
  ['765000', 0.015],
  ['360000', 0.02],
  ['900000', 0.01],
];
/** Yield groups from dear to cheap: the share by which clients prefer them is shifted by standing. Cost is what is paid back over what was lent for 12 instalments. */
export const yieldGroups: readonly (readonly [name: string, upperConsumer: number, upperCash: number, costOfYear: number])[] = [
  ['low_action', 0.1, 0.05, 1.05],
  ['low_normal', 0.367, 0.32, 1.16],
  ['middle', 0.667, 0.741, 1.28],
  ['high', 1, 1, 1.42],
];
