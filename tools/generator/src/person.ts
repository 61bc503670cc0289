import type { SeededRandom } from '@lisible/credit';
import { chance, clamp, pick, quantile, roundTo, type WeightedNames } from './draws.ts';
import * as marginals from './marginals.ts';

/** One cell; `null` is written as an empty one. */
export type Cell = string | number | null;

/** A part of a client's row, and how far it moves the log-odds of default. */
export interface Part {
  readonly cells: Readonly<Record<string, Cell>>;
  readonly logOdds: number;
}

/** What the rest of a client depends on. */
export interface Person extends Part {
  readonly sex: 'F' | 'M' | 'XNA';
  readonly ageYears: number;
  readonly hasHigherEducation: boolean;
  /** Null for pensioners and the unemployed. */
  readonly employmentYears: number | null;
  readonly income: number;
  /** 1 the best region, 3 the poorest. */
  readonly regionRating: number;
}

/** Home Credit's mark for "not employed": a thousand years ahead. */
const notEmployedDays = 365243;
const daysPerYear = 365.25;
const days = (years: number): number => -Math.round(years * daysPerYear);

const educationEffects: Readonly<Record<string, number>> = {
  'Higher education': -0.25,
  'Lower secondary': 0.25,
  'Academic degree': -0.6,
  'Incomplete higher': 0.05,
};
const occupationEffects: Readonly<Record<string, number>> = {
  'Low-skill Laborers': 0.4,
  'Waiters/barmen staff': 0.35,
  Drivers: 0.12,
  Laborers: 0.12,
  'Security staff': 0.12,
  'Cooking staff': 0.12,
  'Cleaning staff': 0.12,
  Accountants: -0.35,
  'HR staff': -0.5,
  'Core staff': -0.18,
  Managers: -0.12,
  'Medicine staff': -0.08,
};
const familyEffects: Readonly<Record<string, number>> = { 'Civil marriage': 0.1, 'Single / not married': 0.08, Widow: -0.05 };
const housingEffects: Readonly<Record<string, number>> = {
  'Rented apartment': 0.35,
  'With parents': 0.12,
  'Municipal apartment': 0.08,
  'Office apartment': -0.2,
};
const employerEffects = new Map(marginals.organizations.map(([name, , effect]) => [name, effect]));
const employers: WeightedNames = marginals.organizations.map(([name, weight]) => [name, weight] as const);

const effectOf = (effects: Readonly<Record<string, number>>, name: string | null): number => (name === null ? 0 : (effects[name] ?? 0));

const drawChildren = (mean: number, random: SeededRandom): number => {
  // A third of the mean again for each further child: a geometric tail, with the occasional large family.
  if (chance(0.0004, random)) return 4 + random.integer(6);
  const first = mean / 1.45;
  if (!chance(first, random)) return 0;
  if (!chance(0.35, random)) return 1;
  return chance(0.13, random) ? 3 : 2;
};

/** Rise of the logarithm of incomes over the 24 months. */
const driftOfIncome = 0.07;

const drawIncome = (
  person: { isMale: boolean; hasHigherEducation: boolean; incomeType: string; regionRating: number; phase: number },
  random: SeededRandom,
): number => {
  if (chance(0.0001, random)) return 117_000_000;
  const logarithm =
    11.8 +
    (person.isMale ? 0.21 : 0) +
    (person.hasHigherEducation ? 0.24 : 0) +
    (person.incomeType === 'Commercial associate'
      ? 0.17
      : person.incomeType === 'Pensioner'
        ? -0.14
        : person.incomeType === 'Businessman'
          ? 1.2
          : 0) -
    0.12 * (person.regionRating - 2) +
    driftOfIncome * (person.phase - 0.5) +
    0.42 * random.normal();
  // People declare round sums.
  return Math.max(25_650, roundTo(Math.exp(logarithm), chance(0.72, random) ? 22_500 : 4_500));
};

/** Draws who the client is: age, family, work, income, region. Clients are slightly younger at the end of the 24 months (`phase` 1) than at their beginning (0). */
export const drawPerson = (phase: number, random: SeededRandom): Person => {
  const sex = chance(0.0002, random) ? 'XNA' : chance(0.342, random) ? 'M' : 'F';
  const isMale = sex === 'M';
  const ageYears = quantile(marginals.ageYears, random.uniform() ** ((isMale ? 1.25 : 0.93) + 0.1 * (phase - 0.5)));
  const band = marginals.ageBands.findIndex((upper) => ageYears <= upper);
  const hasHigherEducation = chance(marginals.higherEducationByBand[band] ?? 0, random);
  const education = hasHigherEducation ? 'Higher education' : pick(marginals.otherEducation, random);
  const isPensioner = chance((marginals.pensionerShareByBand[band] ?? 0) * (isMale ? 0.75 : 1.1), random);
  const incomeType = isPensioner ? 'Pensioner' : pick(marginals.incomeTypes, random);
  const isEmployed = incomeType !== 'Pensioner' && incomeType !== 'Unemployed';
  const employmentYears = isEmployed
    ? Math.min(quantile(marginals.employmentYears, random.uniform() ** (ageYears > 43 ? 0.8 : 1.15)), Math.max(0.1, (ageYears - 18) * 0.95))
    : null;
  const occupation = isEmployed && !chance(0.157, random) ? pick(isMale ? marginals.occupationsOfMen : marginals.occupationsOfWomen, random) : null;
  const organization = isEmployed ? pick(employers, random) : 'XNA';
  const status = pick(ageYears < 28 ? marginals.familyStatusYoung : ageYears > 55 ? marginals.familyStatusOld : marginals.familyStatus, random);
  const children = drawChildren(marginals.childrenMeanByBand[band] ?? 0, random);
  const adults = status === 'Married' || status === 'Civil marriage' ? 2 : 1;
  const housing = pick(ageYears < 30 ? marginals.housingTypesYoung : marginals.housingTypes, random);
  const regionRating = chance(0.104, random) ? 1 : chance(0.174, random) ? 3 : 2;
  const ratingWithCity = regionRating === 3 && chance(0.09, random) ? 2 : regionRating;
  const regionDensity =
    regionRating === 1
      ? Number(pick(marginals.densitiesOfBestRegions, random))
      : roundTo(clamp(Math.exp((regionRating === 2 ? -4.1 : -4.4) + 0.55 * random.normal()), 0.0005, regionRating === 2 ? 0.0358 : 0.0207), 0.0005);
  const income = drawIncome({ isMale, hasHigherEducation, incomeType, regionRating, phase }, random);
  const hasCar = chance(isMale ? 0.566 : ageYears > 55 ? 0.15 : 0.25, random);
  const carAge = hasCar ? Math.round(quantile(marginals.carAgeYears, random.uniform())) : null;
  const registrationYears = Math.min(quantile(marginals.registrationYears, random.uniform() ** (ageYears > 45 ? 0.75 : 1.2)), ageYears);
  const documentYears = Math.min(
    quantile(marginals.identityDocumentYears, random.uniform() ** (ageYears > 50 ? 0.75 : 1.15)),
    Math.max(0.1, ageYears - 14),
  );

  const seniority = employmentYears === null ? 0.2 : (Math.log(employmentYears) - 1.45) / 0.95;
  const logOdds =
    (isMale ? 0.14 : 0) -
    0.008 * (ageYears - 43) -
    0.32 * seniority +
    (incomeType === 'State servant' ? -0.12 : incomeType === 'Unemployed' ? 1 : 0) +
    1.3 * effectOf(educationEffects, education) +
    effectOf(occupationEffects, occupation) +
    effectOf(familyEffects, status) +
    effectOf(housingEffects, housing) +
    (employerEffects.get(organization) ?? 0) +
    0.22 * (regionRating - 2) +
    (hasCar ? -0.2 + 0.015 * ((carAge ?? 12) - 12) : 0) -
    0.05 * (documentYears - 8.2) -
    0.01 * (registrationYears - 13.6);

  return {
    sex,
    ageYears,
    hasHigherEducation,
    employmentYears,
    income,
    regionRating,
    logOdds,
    cells: {
      CODE_GENDER: sex,
      FLAG_OWN_CAR: hasCar ? 'Y' : 'N',
      FLAG_OWN_REALTY: chance(0.696, random) ? 'Y' : 'N',
      CNT_CHILDREN: children,
      AMT_INCOME_TOTAL: income,
      NAME_INCOME_TYPE: incomeType,
      NAME_EDUCATION_TYPE: education,
      NAME_FAMILY_STATUS: status,
      NAME_HOUSING_TYPE: housing,
      REGION_POPULATION_RELATIVE: Number(regionDensity.toFixed(6)),
      DAYS_BIRTH: days(ageYears),
      DAYS_EMPLOYED: employmentYears === null ? notEmployedDays : days(employmentYears),
      DAYS_REGISTRATION: days(registrationYears),
      DAYS_ID_PUBLISH: days(documentYears),
      OWN_CAR_AGE: carAge,
      FLAG_MOBIL: 1,
      FLAG_EMP_PHONE: isEmployed ? 1 : 0,
      FLAG_WORK_PHONE: chance(isEmployed ? 0.24 : 0, random) ? 1 : 0,
      FLAG_CONT_MOBILE: chance(0.998, random) ? 1 : 0,
      FLAG_PHONE: chance(0.277, random) ? 1 : 0,
      FLAG_EMAIL: chance(0.0555, random) ? 1 : 0,
      OCCUPATION_TYPE: occupation,
      CNT_FAM_MEMBERS: adults + children,
      REGION_RATING_CLIENT: regionRating,
      REGION_RATING_CLIENT_W_CITY: ratingWithCity,
      ORGANIZATION_TYPE: organization,
    },
  };
};
