import type { SeededRandom } from '@lisible/credit';
import { chance, clamp, fromNormal, pick, withNoise } from './draws.ts';
import * as marginals from './marginals.ts';
import type { Cell, Part, Person } from './person.ts';

/** What others say of a client, and the two things behind it that the client's history follows from as well. */
export interface Standing extends Part {
  /** Standard normal, hidden; high is good. */
  readonly hidden: number;
  /** The standard normal behind EXT_SOURCE_3, there even where the score is missing. */
  readonly score3: number;
  /** No bureau answered. */
  readonly isBureauMissing: boolean;
}

const addressFlags = [
  'REG_REGION_NOT_LIVE_REGION',
  'REG_REGION_NOT_WORK_REGION',
  'LIVE_REGION_NOT_WORK_REGION',
  'REG_CITY_NOT_LIVE_CITY',
  'REG_CITY_NOT_WORK_CITY',
  'LIVE_CITY_NOT_WORK_CITY',
] as const;

/**
 * Draws what others say of the client: external scores, bureau enquiries, acquaintances, addresses, telephone. A hidden
 * standing drives the three scores; a score that is missing from the row still bears on the risk, so that no model reaches
 * the ceiling.
 */
export const drawStanding = (person: Person, random: SeededRandom): Standing => {
  const age = clamp((person.ageYears - 43.9) / 11.9, -2.2, 2.2);
  const male = person.sex === 'M' ? 0.658 : -0.342;
  const higher = person.hasHigherEducation ? 0.754 : -0.246;
  const region = person.regionRating - 2.05;
  const standing = random.normal();
  const score1 = withNoise(0.6 * age - 0.5 * male + 0.4 * higher + 0.25 * standing, 0.56, random);
  const score2 = withNoise(0.08 * age - 0.55 * region + 0.22 * higher + 0.35 * standing, 0.22, random);
  const score3 = withNoise(0.2 * age - 0.1 * higher + 0.25 * standing, 0.11, random);
  const phoneAge = withNoise(0.05 * age + 0.2 * score2, 0.05, random);
  const isBureauMissing = chance(0.136, random);
  const isScore3Missing = isBureauMissing ? chance(0.985, random) : chance(0.076, random);
  const isScore1Missing = chance(clamp(0.57 + 0.13 * age - 0.15 * higher, 0.1, 0.9), random);
  const isAcquaintanceMissing = chance(0.0037, random);

  const observed30 = Number(pick(marginals.peopleObserved, random));
  const observed60 = observed30 > 0 && chance(0.03, random) ? observed30 - 1 : observed30;
  let defaulted30 = 0;
  let defaulted60 = 0;
  for (let person30 = 0; person30 < observed60; person30++) {
    if (!chance(0.1, random)) continue;
    defaulted30++;
    if (chance(0.7, random)) defaulted60++;
  }

  const mismatches = pick(marginals.addressMismatches, random);
  const cells: Record<string, Cell> = {
    EXT_SOURCE_1: isScore1Missing ? null : fromNormal(marginals.externalScore1, score1),
    EXT_SOURCE_2: chance(0.0021, random) ? null : fromNormal(marginals.externalScore2, score2),
    EXT_SOURCE_3: isScore3Missing ? null : fromNormal(marginals.externalScore3, score3),
    OBS_30_CNT_SOCIAL_CIRCLE: isAcquaintanceMissing ? null : observed30,
    DEF_30_CNT_SOCIAL_CIRCLE: isAcquaintanceMissing ? null : defaulted30,
    OBS_60_CNT_SOCIAL_CIRCLE: isAcquaintanceMissing ? null : observed60,
    DEF_60_CNT_SOCIAL_CIRCLE: isAcquaintanceMissing ? null : defaulted60,
    DAYS_LAST_PHONE_CHANGE: -Math.round(fromNormal(marginals.phoneChangeDays, phoneAge)),
  };
  for (const [index, flag] of addressFlags.entries()) cells[flag] = mismatches[index] === '1' ? 1 : 0;
  let enquiriesOfYear = 0;
  for (const [span, shares] of Object.entries(marginals.bureauRequests)) {
    const enquiries = Number(pick(shares, random));
    if (span === 'YEAR') enquiriesOfYear = enquiries;
    cells[`AMT_REQ_CREDIT_BUREAU_${span}`] = isBureauMissing ? null : enquiries;
  }

  const logOdds =
    -0.26 * score1 -
    0.4 * score2 -
    0.42 * score3 -
    // A clean record counts for less once one of the two others is bad.
    0.12 * Math.min(score2, score3) -
    0.2 * phoneAge +
    (isBureauMissing ? 0.3 : 0.05 * (enquiriesOfYear - 1.9)) +
    0.22 * defaulted30 +
    0.35 * (mismatches[3] === '1' ? 1 : 0) +
    0.08 * (mismatches[4] === '1' ? 1 : 0);
  return { cells, logOdds, hidden: standing, score3, isBureauMissing };
};
