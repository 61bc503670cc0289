import type { SeededRandom } from '@lisible/credit';
import { chance, clamp, fromNormal, pick, withNoise } from './draws.ts';
import * as marginals from './marginals.ts';
import type { Cell, Part, Person } from './person.ts';

const toFourDecimals = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Draws the 47 columns about the building where the client lives: known together or not at all, large together or not. */
export const drawBuilding = (person: Person, random: SeededRandom): Part => {
  const isKnown = chance(person.hasHigherEducation ? 0.625 : person.regionRating === 3 ? 0.42 : 0.535, random);
  if (!isKnown) return { cells: {}, logOdds: 0.08 };

  const isRareKnown = chance(0.62, random);
  const size = withNoise(-0.35 * (person.regionRating - 2.05) + (person.hasHigherEducation ? 0.2 : -0.07), 0.05, random);
  const cells: Record<string, Cell> = {};
  for (const [measure, loading, table, missingness] of marginals.buildingMeasures) {
    const isPresent =
      missingness === 'core' ? chance(0.95, random) : missingness === 'common' ? chance(0.83, random) : isRareKnown && chance(0.99, random);
    if (!isPresent) continue;
    const average = fromNormal(table, withNoise(loading * size, loading * loading, random));
    const mostFrequent = chance(0.5, random) ? average : clamp(average * (1 + 0.05 * random.normal()), 0, 1);
    const median = chance(0.8, random) ? average : clamp(average * (1 + 0.01 * random.normal()), 0, 1);
    cells[`${measure}_AVG`] = toFourDecimals(average);
    cells[`${measure}_MODE`] = toFourDecimals(mostFrequent);
    cells[`${measure}_MEDI`] = toFourDecimals(median);
  }
  const livingArea = cells['LIVINGAREA_AVG'];
  cells['TOTALAREA_MODE'] = typeof livingArea === 'number' ? toFourDecimals(clamp(livingArea * (0.95 + 0.05 * random.normal()), 0, 1)) : null;
  cells['FONDKAPREMONT_MODE'] = isRareKnown ? pick(marginals.repairFunds, random) : null;
  cells['HOUSETYPE_MODE'] = chance(0.96, random) ? pick(marginals.houseTypes, random) : null;
  cells['WALLSMATERIAL_MODE'] = chance(0.95, random) ? pick(marginals.wallMaterials, random) : null;
  cells['EMERGENCYSTATE_MODE'] = chance(0.984, random) ? 'No' : 'Yes';
  return { cells, logOdds: -0.08 - 0.08 * size };
};
