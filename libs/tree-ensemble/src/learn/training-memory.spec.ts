import { defaultHyperParameters, serialiseTrees, train, type TrainingInput } from '../index.ts';
import { featureNames, heldOut, learning } from './learning-set.testing.ts';
import { giveMemoryBack, takeMemory, type TrainingShape } from './training-memory.ts';

const shape: TrainingShape = {
  numRows: 1000,
  numFeatures: 10,
  maxColumns: 10,
  maxLeaves: 31,
  wordsPerCategorySet: 0,
  hasWideCategories: false,
  isWeighted: false,
  isBagged: false,
  numSampled: 1000,
  numValidationRows: 0,
  isValidationWeighted: false,
  numMembers: 1,
};

describe('the memory of a training', () => {
  it('is used again, and grows where a training needs more', () => {
    const first = takeMemory(shape);
    const { byteLength } = first.buffer;
    giveMemoryBack(first);
    expect(takeMemory({ ...shape, numRows: 500, numSampled: 500 })).toBe(first);
    expect(first.buffer.byteLength).toBe(byteLength);
    giveMemoryBack(first);
    expect(takeMemory({ ...shape, numRows: 200_000 })).toBe(first);
    expect(first.buffer.byteLength).toBeGreaterThan(byteLength);
    // While it is used, another training gets another one.
    const second = takeMemory(shape);
    expect(second).not.toBe(first);
    giveMemoryBack(second);
    giveMemoryBack(first);
    expect(takeMemory(shape)).toBe(first);
    giveMemoryBack(first);
  });

  it('is refused where it would be too large, by a message that says how large', () => {
    const huge = { ...shape, numRows: 2 ** 25, numFeatures: 1000, maxColumns: 1000 };
    expect(() => takeMemory(huge)).toThrow(
      expect.objectContaining({ code: 'too-large', message: expect.stringMatching(/33554432 rows × 1000 features needs \d+ MiB/) }),
    );
  });

  it('leaves nothing of one training to the next, nor to one within its callback', () => {
    const plain: TrainingInput = { ...learning, featureNames, hyperParameters: { ...defaultHyperParameters, numRounds: 6 }, seed: 3 };
    const other: TrainingInput = {
      ...heldOut,
      featureNames,
      hyperParameters: {
        ...defaultHyperParameters,
        numRounds: 4,
        numLeaves: 90,
        baggingFraction: 0.5,
        baggingFreq: 1,
        featureFraction: 0.4,
        maxBin: 20,
      },
      monotoneConstraints: featureNames.map((_, feature) => (feature % 2 === 0 ? 1 : 0)),
      weights: heldOut.labels.map((label) => 1 + 3 * label),
      validation: learning,
      seed: 8,
    };
    const bytesOf = (input: TrainingInput): string => serialiseTrees(train(input).ensemble);
    const alone = [plain, other].map(bytesOf);
    expect([plain, other].map(bytesOf)).toEqual(alone);
    const within: string[] = [];
    const outer = bytesOf({ ...plain, onRound: ({ round }) => round === 2 && void within.push(bytesOf(other)) });
    expect(outer === alone[0]).toBe(true);
    expect(within[0] === alone[1]).toBe(true);
  });
});
