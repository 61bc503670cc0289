import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import type { Application } from '@lisible/contracts';
import { computeFeatureMatrix, modelFeatureNames, policyInputs } from '../features/index.ts';
import { decide, featuresOutsideTrainingRange, outsideTrainingRangeInput, recommendPolicy } from '../policy/index.ts';
import { homeCredit, homeCreditCatalogue, homeCreditLender, type HomeCreditTable } from './index.ts';

const folder = fileURLToPath(new URL('../../../../../shared/data/home-credit/', import.meta.url));
const isThere = existsSync(folder);
if (!isThere) console.warn('SKIPPED: declared rules on real Home Credit rows; ../shared/data/home-credit is absent');

/** Cells are quoted where they hold a comma, and hold no quotation mark. */
const cellsOf = (line: string): readonly (string | null)[] =>
  line.match(/("[^"]*"|[^,]*)(,|$)/gu)!.map((cell) => {
    const text = cell.replace(/,$/u, '').replaceAll('"', '');
    return text === '' ? null : text;
  });

const readApplications = (table: HomeCreditTable): readonly Application[] => {
  const [header = '', ...lines] = gunzipSync(readFileSync(`${folder}${table}.csv.gz`))
    .toString()
    .trimEnd()
    .split(/\r?\n/u);
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = cellsOf(line);
    return homeCredit.toApplication(Object.fromEntries(columns.map((name, position) => [name, cells[position] ?? null])));
  });
};

interface Ranges {
  readonly [name: string]: { min: number; max: number; missingShare: number };
}

const rangesOf = (names: readonly string[], values: Float32Array): Ranges =>
  Object.fromEntries(
    names.map((name, feature) => {
      const range = { min: Infinity, max: -Infinity, missingShare: 0 };
      for (let at = feature; at < values.length; at += names.length) {
        const value = values[at] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        range.min = Math.min(range.min, value);
        range.max = Math.max(range.max, value);
      }
      return [name, range.min === Infinity ? { min: 0, max: 0, missingShare: 1 } : range];
    }),
  );

(isThere ? describe : describe.skip)('declared rules on the real extract (../shared/data/home-credit)', () => {
  const policy = recommendPolicy({ ...homeCreditLender.policy, probabilities: [0.1] });
  const names = modelFeatureNames(homeCreditCatalogue);
  let ranges: Ranges;

  const hitsIn = (applications: readonly Application[], countOutside: (row: number) => number): Readonly<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const [row, application] of applications.entries()) {
      const inputs = { ...policyInputs(homeCreditCatalogue, application), [outsideTrainingRangeInput]: countOutside(row) };
      for (const { code } of decide(policy, { probabilityOfDefault: 0.01, policyInputs: inputs }).ruleHits) counts[code] = (counts[code] ?? 0) + 1;
    }
    return counts;
  };

  it('meet the labelled applications as often as is written beside them', () => {
    const applications = readApplications('application_train');
    ranges = rangesOf(names, computeFeatureMatrix(homeCreditCatalogue, applications, names).values);
    expect(applications).toHaveLength(33_907);
    expect(hitsIn(applications, () => 0)).toEqual({ DEBT_RATIO_TOO_HIGH: 287, REMAINING_INCOME_TOO_LOW: 96, CREDIT_TOO_LARGE: 54 });
  }, 120_000);

  it('meet the unlabelled ones rarely, under 1 % of them for what lies outside the training range', () => {
    const applications = readApplications('application_test');
    const { values } = computeFeatureMatrix(homeCreditCatalogue, applications, names);
    const outside = (row: number, tolerance?: number): number =>
      featuresOutsideTrainingRange(ranges, names, values.subarray(row * names.length, (row + 1) * names.length), tolerance).length;
    const { OUTSIDE_TRAINING_RANGE = 0, ...hits } = hitsIn(applications, (row) => outside(row));
    expect(hits).toEqual({ DEBT_RATIO_TOO_HIGH: 21, REMAINING_INCOME_TOO_LOW: 3 });
    expect(OUTSIDE_TRAINING_RANGE).toBeLessThan(0.01 * applications.length);
    // Without tolerance more lie outside, so that the rule is not one that nothing can meet.
    expect(applications.filter((_, row) => outside(row, 0) > 0).length).toBeGreaterThan(OUTSIDE_TRAINING_RANGE);
    console.info(`outside the training range: ${OUTSIDE_TRAINING_RANGE} of ${applications.length} unlabelled applications`);
  }, 120_000);
});
