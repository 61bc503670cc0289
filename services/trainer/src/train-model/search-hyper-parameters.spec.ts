import { drawStudiedRows, narrowCatalogue } from '../../testing/studied-population.ts';
import { FitPool } from '../fit-pool/fit-pool.ts';
import { hyperParameters as usual, searchSpace } from '../hyper-parameters.ts';
import { drawFoldPlan } from './fold-plan.ts';
import type { LabelledMatrix } from './fold-plan.ts';
import { drawSettings, searchHyperParameters } from './search-hyper-parameters.ts';
import type { NestedSearch } from './search-hyper-parameters.ts';

const catalogue = narrowCatalogue(4);
const data = drawStudiedRows(catalogue, 500);
const plan = drawFoldPlan(data.labels, { numFolds: 2, numInnerSplits: 10, seed: 3 });

describe('search over hyper-parameters', () => {
  const messages: string[] = [];
  /** A clock that goes on at each look, so that the number of trials does not depend on the machine; far ahead, so that no fit is given up. */
  const search = async (given: LabelledMatrix, budgetMs: number): Promise<NestedSearch> => {
    const pool = new FitPool(given, { numWorkers: 1 });
    let ticks = 0;
    try {
      return await searchHyperParameters(pool, {
        plan,
        monotoneConstraints: null,
        budgetMs,
        now: () => 1e15 + 10 * ticks++,
        onProgress: (share, message) => messages.push(`${share <= 1} ${message}`),
      });
    } finally {
      await pool.close();
    }
  };

  it('draws the same settings for the same seed, the usual ones first, all of them within the space', () => {
    const draw = (seed: number, count: number) => {
      const settings = drawSettings(seed);
      return Array.from({ length: count }, () => settings.next().value);
    };
    expect(draw(1, 30)).toEqual(draw(1, 40).slice(0, 30));
    expect(draw(1, 3)).not.toEqual(draw(2, 3));
    expect(draw(1, 1)).toEqual([usual]);
    for (const settings of draw(7, 300)) {
      expect(settings.learningRate).toBeGreaterThanOrEqual(0.02);
      expect(settings.learningRate).toBeLessThanOrEqual(0.15);
      expect(settings.numLeaves).toBeGreaterThanOrEqual(4);
      expect(settings.numLeaves).toBeLessThanOrEqual(32);
      expect(settings.earlyStoppingRounds * settings.learningRate).toBeCloseTo(3, 0);
    }
    const [, drawn] = draw(7, 2);
    for (const { name } of searchSpace) expect(Reflect.get(drawn!, name)).not.toBe(Reflect.get(usual, name));
  });

  it('never looks at the fold that will judge the choice', async () => {
    const labels = data.labels.map((label, row) => (plan.folds[row] === 0 ? 1 - label : label));
    const [sound, spoilt] = [await search(data, 400), await search({ ...data, labels }, 400)];
    expect(sound.folds[0]!.trials.length).toBeGreaterThan(3);
    expect(spoilt.folds[0]).toEqual(sound.folds[0]);
    expect(spoilt.folds[1]!.trials.map(({ innerLogLoss }) => innerLogLoss)).not.toEqual(
      sound.folds[1]!.trials.map(({ innerLogLoss }) => innerLogLoss),
    );
    for (const { trials, chosen, innerLogLoss } of [...sound.folds, sound.final]) {
      const most = Math.max(...trials.map(({ innerSplits }) => innerSplits));
      const [best] = trials.filter(({ innerSplits }) => innerSplits === most).toSorted((a, b) => a.innerLogLoss - b.innerLogLoss);
      expect(trials.filter(({ isChosen }) => isChosen)).toEqual([best]);
      expect({ chosen, innerLogLoss }).toEqual({ chosen: best!.hyperParameters, innerLogLoss: best!.innerLogLoss });
      expect(trials.map(({ hyperParameters }) => hyperParameters)).toContainEqual(usual);
    }
    expect(messages[0]).toMatch(/^true search without fold 1: 1 settings tried, \d+ s left$/);
  }, 120_000);

  it('keeps the usual settings where there is no time for a trial', async () => {
    const { folds, final } = await search(data, 0);
    expect([...folds, final]).toEqual([0, 1, 2].map(() => ({ trials: [], chosen: usual, innerLogLoss: null })));
  });
});
