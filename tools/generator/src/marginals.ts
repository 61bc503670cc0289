import type { BuildingMeasure } from './columns.ts';
import type { QuantileTable, WeightedNames } from './draws.ts';

/**
 * Shares and quantiles of the population, rounded from Home Credit's published application table: parameters of
 * distributions only, no row of it. Weights are shares of the clients concerned.
 */

const atUsualProbabilities = (...values: readonly number[]): QuantileTable =>
  [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1].map((probability, index) => [probability, values[index] ?? Number.NaN] as const);

const atEveryTenth = (...values: readonly number[]): QuantileTable => values.map((value, index) => [index / 10, value] as const);

export const ageYears: QuantileTable = [
  ...([
    [0, 21],
    [0.01, 22.7],
    [0.05, 25.8],
    [0.1, 28.2],
    [0.25, 34.1],
    [0.5, 43.2],
  ] as const),
  ...([
    [0.75, 53.7],
    [0.9, 60.7],
    [0.95, 63.5],
    [0.99, 66.8],
    [1, 69],
  ] as const),
];
export const employmentYears: QuantileTable = [
  ...([
    [0, 0.05],
    [0.01, 0.3],
    [0.05, 0.55],
    [0.1, 0.89],
    [0.25, 2.11],
    [0.5, 4.56],
  ] as const),
  ...([
    [0.75, 8.79],
    [0.9, 14.75],
    [0.95, 20.3],
    [0.99, 31.3],
    [1, 44],
  ] as const),
];
export const registrationYears: QuantileTable = atUsualProbabilities(0, 0.1, 0.9, 5.4, 12.3, 20.5, 31.3, 38, 55);
export const identityDocumentYears: QuantileTable = atUsualProbabilities(0, 0.2, 1, 4.7, 8.9, 11.8, 13.6, 15, 17);
export const phoneChangeDays: QuantileTable = atUsualProbabilities(0, 0, 0, 264, 758, 1566, 2512, 3149, 4173);
export const carAgeYears: QuantileTable = atUsualProbabilities(0, 0, 1, 5, 9, 15, 29, 64, 69);
/** Credit over instalment of a cash loan: about the number of instalments. */
export const cashLoanTerm: QuantileTable = [
  ...([
    [0, 8.1],
    [0.01, 8.4],
    [0.05, 9.5],
    [0.1, 10.3],
    [0.25, 15],
    [0.5, 20.7],
  ] as const),
  ...([
    [0.75, 27.8],
    [0.9, 34.1],
    [0.95, 34.9],
    [0.99, 37.8],
    [1, 44],
  ] as const),
];
/** Credit over price of the goods where insurance and fees are lent too. */
export const creditOverGoods: QuantileTable = atEveryTenth(1.04, 1.055, 1.08, 1.1, 1.12, 1.135, 1.16, 1.2, 1.26, 1.32, 1.5);
export const requestHour: QuantileTable = atUsualProbabilities(0, 4, 7, 10, 12, 14, 17, 19, 23);

export const externalScore1: QuantileTable = atEveryTenth(0.015, 0.215, 0.299, 0.371, 0.439, 0.508, 0.576, 0.643, 0.712, 0.786, 0.941);
export const externalScore2: QuantileTable = atEveryTenth(0, 0.217, 0.341, 0.441, 0.512, 0.566, 0.608, 0.646, 0.681, 0.721, 0.855);
export const externalScore3: QuantileTable = atEveryTenth(0.0005, 0.231, 0.333, 0.412, 0.478, 0.537, 0.592, 0.645, 0.694, 0.752, 0.888);

/** Upper ages of the bands that the two shares below are given for. */
export const ageBands: readonly number[] = [25, 30, 35, 40, 45, 50, 55, 60, 200];
export const pensionerShareByBand: readonly number[] = [0.002, 0.003, 0.003, 0.01, 0.015, 0.033, 0.127, 0.583, 0.833];
export const childrenMeanByBand: readonly number[] = [0.2, 0.52, 0.8, 0.86, 0.58, 0.3, 0.1, 0.035, 0.017];
export const higherEducationByBand: readonly number[] = [0.195, 0.35, 0.335, 0.26, 0.238, 0.228, 0.2, 0.19, 0.174];

export const incomeTypes: WeightedNames = [
  ['Working', 0.626],
  ['Commercial associate', 0.2895],
  ['State servant', 0.084],
  ['Unemployed', 0.0002],
  ['Businessman', 0.0001],
  ['Student', 0.0001],
];
export const otherEducation: WeightedNames = [
  ['Secondary / secondary special', 0.937],
  ['Incomplete higher', 0.0445],
  ['Lower secondary', 0.0175],
  ['Academic degree', 0.0007],
];
export const familyStatusYoung: WeightedNames = [
  ['Married', 0.5],
  ['Single / not married', 0.34],
  ['Civil marriage', 0.13],
  ['Separated', 0.03],
];
export const familyStatus: WeightedNames = [
  ['Married', 0.69],
  ['Single / not married', 0.11],
  ['Civil marriage', 0.095],
  ['Separated', 0.08],
  ['Widow', 0.025],
];
export const familyStatusOld: WeightedNames = [
  ['Married', 0.62],
  ['Single / not married', 0.07],
  ['Civil marriage', 0.05],
  ['Separated', 0.07],
  ['Widow', 0.19],
];
export const housingTypes: WeightedNames = [
  ['House / apartment', 0.905],
  ['Municipal apartment', 0.037],
  ['With parents', 0.032],
  ['Rented apartment', 0.0135],
  ['Office apartment', 0.0085],
  ['Co-op apartment', 0.004],
];
export const housingTypesYoung: WeightedNames = [
  ['House / apartment', 0.76],
  ['With parents', 0.17],
  ['Municipal apartment', 0.03],
  ['Rented apartment', 0.03],
  ['Office apartment', 0.007],
  ['Co-op apartment', 0.003],
];
export const accompaniedBy: WeightedNames = [
  ['Unaccompanied', 0.809],
  ['Family', 0.129],
  ['Spouse, partner', 0.037],
  ['Children', 0.011],
  ['Other_B', 0.0055],
  ['', 0.0042],
  ['Other_A', 0.003],
  ['Group of people', 0.001],
];
export const densitiesOfBestRegions: WeightedNames = [
  ['0.072508', 0.3],
  ['0.04622', 0.4],
  ['0.032561', 0.15],
  ['0.025164', 0.15],
];
export const weekdays: WeightedNames = [
  ['TUESDAY', 0.175],
  ['WEDNESDAY', 0.169],
  ['MONDAY', 0.166],
  ['THURSDAY', 0.163],
  ['FRIDAY', 0.161],
  ['SATURDAY', 0.114],
  ['SUNDAY', 0.052],
];
export const occupationsOfWomen: WeightedNames = [
  ['Sales staff', 0.142],
  ['Laborers', 0.115],
  ['Core staff', 0.11],
  ['Managers', 0.056],
  ['Accountants', 0.046],
  ['Medicine staff', 0.04],
  ['High skill tech staff', 0.038],
  ['Cooking staff', 0.025],
  ['Cleaning staff', 0.021],
  ['Private service staff', 0.013],
  ['Security staff', 0.011],
  ['Secretaries', 0.006],
  ['Waiters/barmen staff', 0.006],
  ['Drivers', 0.004],
  ['Realty agents', 0.004],
  ['HR staff', 0.003],
  ['IT staff', 0.001],
  ['Low-skill Laborers', 0.001],
];
export const occupationsOfMen: WeightedNames = [
  ['Laborers', 0.306],
  ['Drivers', 0.167],
  ['Managers', 0.095],
  ['Core staff', 0.056],
  ['Security staff', 0.044],
  ['High skill tech staff', 0.038],
  ['Sales staff', 0.035],
  ['Low-skill Laborers', 0.018],
  ['Accountants', 0.004],
  ['Cleaning staff', 0.004],
  ['Cooking staff', 0.004],
  ['IT staff', 0.003],
  ['Medicine staff', 0.003],
  ['Waiters/barmen staff', 0.002],
  ['Private service staff', 0.001],
  ['Realty agents', 0.001],
  ['Secretaries', 0.001],
  ['HR staff', 0.0005],
];
/** Employers; the third figure moves the log-odds of default. */
export const organizations: readonly (readonly [name: string, weight: number, effect: number])[] = [
  ...([
    ['Business Entity Type 3', 218, 0.08],
    ['Self-employed', 126, 0.12],
    ['Other', 55, 0],
    ['Medicine', 37, -0.15],
  ] as const),
  ...([
    ['Government', 34, -0.15],
    ['Business Entity Type 2', 33, 0.05],
    ['School', 29, -0.3],
    ['Trade: type 7', 26, 0.15],
  ] as const),
  ...([
    ['Kindergarten', 22, -0.25],
    ['Construction', 21, 0.15],
    ['Business Entity Type 1', 18, 0],
    ['Transport: type 4', 17, 0.1],
  ] as const),
  ...([
    ['Industry: type 9', 12, -0.25],
    ['Trade: type 3', 11, 0.15],
    ['Security', 11, 0.05],
    ['Industry: type 3', 11, 0.2],
  ] as const),
  ...([
    ['Housing', 9, 0],
    ['Industry: type 11', 9, 0],
    ['Military', 8, -0.4],
    ['Police', 8, -0.4],
    ['Bank', 8, -0.4],
  ] as const),
  ...([
    ['Transport: type 2', 8, 0],
    ['Agriculture', 8, 0.2],
    ['Postal', 8, 0.05],
    ['Security Ministries', 6, -0.4],
  ] as const),
  ...([
    ['Restaurant', 6, 0.3],
    ['Trade: type 2', 6, 0],
    ['Services', 5, 0],
    ['University', 5, -0.4],
    ['Industry: type 7', 5, 0.1],
  ] as const),
  ...([
    ['Transport: type 3', 4, 0.6],
    ['Industry: type 1', 4, 0.3],
    ['Electricity', 3, -0.2],
    ['Hotel', 3, 0],
    ['Industry: type 4', 3, 0.2],
  ] as const),
  ...([
    ['Industry: type 5', 2, 0],
    ['Trade: type 6', 2, -0.3],
    ['Advertising', 2, 0],
    ['Emergency', 2, -0.1],
    ['Telecom', 2, 0],
  ] as const),
  ...([
    ['Industry: type 12', 2, -0.4],
    ['Insurance', 2, -0.2],
    ['Industry: type 2', 1.5, 0],
    ['Mobile', 1.3, 0.1],
    ['Realtor', 1.3, 0.2],
  ] as const),
  ...([
    ['Culture', 1.2, -0.2],
    ['Legal Services', 1.1, 0],
    ['Trade: type 1', 1, 0],
    ['Cleaning', 1, 0.3],
    ['Transport: type 1', 0.8, -0.2],
  ] as const),
  ...([
    ['Industry: type 10', 0.5, 0],
    ['Religion', 0.3, 0],
    ['Industry: type 6', 0.3, 0],
    ['Trade: type 4', 0.2, 0],
    ['Industry: type 13', 0.2, 0.3],
  ] as const),
  ...([
    ['Trade: type 5', 0.2, 0],
    ['Industry: type 8', 0.12, 0],
  ] as const),
];
/** Flags `[live ≠ registered, work ≠ registered, work ≠ live]` for region, then for city. */
export const addressMismatches: WeightedNames = [
  ['000000', 0.741],
  ['000011', 0.142],
  ['000110', 0.048],
  ['011011', 0.021],
  ['011000', 0.014],
  ['000111', 0.009],
  ['110110', 0.008],
  ['000100', 0.004],
  ['000101', 0.004],
  ['110000', 0.002],
  ['011111', 0.0015],
  ['111111', 0.0013],
];
/** Numbers of the documents handed in, joined by `+`. */
export const documents: WeightedNames = [
  ['3', 0.6906],
  ['', 0.0938],
  ['6', 0.0889],
  ['8', 0.0766],
  ['5', 0.0152],
  ['3+16', 0.0085],
  ['3+18', 0.006],
  ['11', 0.0037],
  ['9', 0.0036],
  ['3+14', 0.0023],
  ['8+13', 0.0016],
  ['3+13', 0.0016],
  ['3+15', 0.0012],
  ['3+19', 0.0006],
  ['3+20', 0.0005],
  ['3+21', 0.0003],
  ['3+17', 0.0003],
  ['7', 0.0002],
  ['4', 0.0001],
  ['2', 0.0001],
];
export const peopleObserved: WeightedNames = [
  ['0', 0.537],
  ['1', 0.156],
  ['2', 0.096],
  ['3', 0.068],
  ['4', 0.047],
  ['5', 0.032],
  ['6', 0.021],
  ['7', 0.015],
  ['8', 0.009],
  ['9', 0.006],
  ['10', 0.005],
  ['13', 0.004],
  ['17', 0.002],
];
export const bureauRequests: Readonly<Record<'HOUR' | 'DAY' | 'WEEK' | 'MON' | 'QRT' | 'YEAR', WeightedNames>> = {
  HOUR: [
    ['0', 0.994],
    ['1', 0.0055],
    ['2', 0.0003],
  ],
  DAY: [
    ['0', 0.9945],
    ['1', 0.0047],
    ['2', 0.0006],
    ['3', 0.0002],
  ],
  WEEK: [
    ['0', 0.968],
    ['1', 0.0305],
    ['2', 0.001],
    ['3', 0.0003],
    ['6', 0.0001],
  ],
  MON: [
    ['0', 0.835],
    ['1', 0.125],
    ['2', 0.02],
    ['3', 0.007],
    ['4', 0.005],
    ['5', 0.003],
    ['7', 0.002],
    ['10', 0.002],
    ['14', 0.001],
  ],
  QRT: [
    ['0', 0.808],
    ['1', 0.131],
    ['2', 0.053],
    ['3', 0.0066],
    ['4', 0.002],
    ['8', 0.0001],
  ],
  YEAR: [
    ['0', 0.27],
    ['1', 0.237],
    ['2', 0.188],
    ['3', 0.127],
    ['4', 0.078],
    ['5', 0.046],
    ['6', 0.027],
    ['7', 0.014],
    ['8', 0.008],
    ['9', 0.004],
    ['11', 0.001],
  ],
};

/** Normalised measures of the building (0..1) and how far one hidden building size and standing drives each. */
export const buildingMeasures: readonly (readonly [
  measure: BuildingMeasure,
  loading: number,
  quantiles: QuantileTable,
  missingness: 'core' | 'common' | 'rare',
])[] = [
  ['APARTMENTS', 0.93, atUsualProbabilities(0, 0.0021, 0.0082, 0.0577, 0.0866, 0.1485, 0.3245, 0.5443, 1), 'core'],
  ['BASEMENTAREA', 0.7, atUsualProbabilities(0, 0, 0, 0.0445, 0.0762, 0.1116, 0.223, 0.4, 1), 'common'],
  ['YEARS_BEGINEXPLUATATION', 0.5, atUsualProbabilities(0, 0.9503, 0.9687, 0.9767, 0.9816, 0.9866, 0.996, 0.999, 1), 'core'],
  ['YEARS_BUILD', 0.5, atUsualProbabilities(0, 0.3472, 0.592, 0.6872, 0.7552, 0.8232, 0.9524, 0.9864, 1), 'rare'],
  ['COMMONAREA', 0.6, atUsualProbabilities(0, 0, 0, 0.0078, 0.0203, 0.0511, 0.1573, 0.3767, 1), 'rare'],
  ['ELEVATORS', 0.8, atUsualProbabilities(0, 0, 0, 0, 0, 0.12, 0.36, 0.6, 1), 'core'],
  ['ENTRANCES', 0.5, atUsualProbabilities(0, 0.0345, 0.0345, 0.069, 0.1379, 0.2069, 0.3103, 0.5172, 1), 'core'],
  ['FLOORSMAX', 0.82, atUsualProbabilities(0, 0, 0.0417, 0.1667, 0.1667, 0.3333, 0.4792, 0.6667, 1), 'core'],
  ['FLOORSMIN', 0.6, atUsualProbabilities(0, 0, 0.0417, 0.0833, 0.2083, 0.375, 0.5, 0.7083, 1), 'rare'],
  ['LANDAREA', 0.45, atUsualProbabilities(0, 0, 0, 0.0185, 0.0485, 0.0874, 0.1974, 0.3793, 1), 'common'],
  ['LIVINGAPARTMENTS', 0.92, atUsualProbabilities(0, 0.0034, 0.0101, 0.0504, 0.0748, 0.121, 0.2749, 0.4505, 1), 'rare'],
  ['LIVINGAREA', 0.93, atUsualProbabilities(0, 0.0022, 0.0081, 0.0456, 0.0744, 0.1292, 0.3166, 0.5496, 1), 'core'],
  ['NONLIVINGAPARTMENTS', 0.3, atUsualProbabilities(0, 0, 0, 0, 0, 0.0039, 0.0309, 0.0927, 1), 'rare'],
  ['NONLIVINGAREA', 0.3, atUsualProbabilities(0, 0, 0, 0, 0.0037, 0.0277, 0.1297, 0.3191, 1), 'common'],
];
export const wallMaterials: WeightedNames = [
  ['Panel', 0.436],
  ['Stone, brick', 0.426],
  ['Block', 0.064],
  ['Wooden', 0.035],
  ['Mixed', 0.016],
  ['Monolithic', 0.012],
  ['Others', 0.01],
];
export const houseTypes: WeightedNames = [
  ['block of flats', 0.984],
  ['specific housing', 0.0085],
  ['terraced house', 0.0075],
];
export const repairFunds: WeightedNames = [
  ['reg oper account', 0.767],
  ['reg oper spec account', 0.121],
  ['org spec account', 0.058],
  ['not specified', 0.054],
];
