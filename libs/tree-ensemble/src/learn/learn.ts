import { drawSample, sampleSize, type BinnedColumn } from './binning.ts';
import { binCategories } from './category-bins.ts';
import { Crew, phase, type Member } from './crew.ts';
import { clip } from './gain.ts';
import { TreeGrower, type RoundingKey } from './grow-tree.ts';
import type { HyperParameters } from './hyper-parameters.ts';
import { logit } from '../log-odds.ts';
import { createRandom, type Random } from '../random.ts';
import { createSampler } from './sampler.ts';
import { writeTree } from './shared-tree.ts';
import type { TrainingResult } from './training-result.ts';
import { readBins, readColumns, writeColumns, type TrainingColumns } from './training-columns.ts';
import { checkTrainingInput, type LabelledMatrix, type TrainingInput } from './training-input.ts';
import { TrainingMember, type MemberOrder } from './training-member.ts';
import { giveMemoryBack, rowsPerBlock, takeMemory, type TrainingMemory, type TrainingShape } from './training-memory.ts';
import type { Tree } from '../tree-ensemble.ts';

// LightGBM's `kEpsilon`: a class that weighs next to nothing still has odds.
const epsilon = 1e-15;

/**
 * Learns as `train` says, with a crew of so many members. The caller is the first of them; `callOthers` has the others follow
 * (`followCrew`). The result does not depend on their number.
 */
export function learn(given: TrainingInput, numMembers: number, callOthers: (order: MemberOrder) => void): TrainingResult {
  checkTrainingInput(given);
  const input = { ...given, hyperParameters: scaleNoise(given) };
  const categories = binAllCategories(input);
  const order = openOrder(input, categories, numMembers);
  try {
    const self = new TrainingMember(order, 0);
    const crew = new Crew(self.shared, self);
    if (numMembers > 1) callOthers(order);
    const result = boost(input, self, crew, binRows(input, self, crew, categories));
    crew.run(phase.end);
    return result;
  } finally {
    giveMemoryBack(order.memory);
  }
}

function boost(input: TrainingInput, self: TrainingMember, crew: Crew, { columns, plan }: BinnedColumns): TrainingResult {
  const { labels, weights, featureNames, hyperParameters, seed, validation, onRound } = input;
  const { numRounds, earlyStoppingRounds } = hyperParameters;
  const { shared } = self;
  const { layout, shape } = shared;
  const sampler = createSampler(
    columns.map(({ bins }) => bins),
    shape.numRows,
    hyperParameters,
    seed,
  );
  const roundingRandom = createRandom(seed, 3);
  const baseValue = logit(clip(weightedMean(labels, weights), epsilon, 1 - epsilon));
  shared.doublesAt(layout.margins, shape.numRows).fill(baseValue);
  shared.doublesAt(layout.validationMargins, shape.numValidationRows).fill(baseValue);
  const trees: Tree[] = [];
  const evaluations: number[] = [];
  let bestRound = 0;
  let bestMetric = Infinity;
  if (columns.length === 0) return { ensemble: { featureNames: [...featureNames], baseValue, trees }, bestRound, evaluations };
  const { monotoneConstraints = null, interactionConstraints = null } = input;
  const grower = new TreeGrower(shared, crew, self.rowWork, columns, plan, hyperParameters, monotoneConstraints, interactionConstraints);

  for (let round = 1; round <= numRounds; round++) {
    const bag = sampler.drawRows(round);
    const selected = sampler.drawColumns();
    if (selected !== null) grower.selectColumns(selected);
    const { tree, numLeaves } = grower.grow(bag, drawKey(roundingRandom));
    if (numLeaves === 1 && !sampler.isSampling) break;
    trees.push(tree);
    if (bag !== null || validation !== undefined) writeTree(shared, tree);
    crew.run(bag === null ? phase.addToMargins : phase.walkRows);

    let metric: number | null = null;
    if (validation !== undefined) {
      metric = validate(crew, shared, validation);
      evaluations.push(metric);
      if (metric < bestMetric) {
        bestMetric = metric;
        bestRound = trees.length;
      }
    }
    onRound?.({ round, numRounds, metric });
    if (metric !== null && earlyStoppingRounds > 0 && trees.length - bestRound >= earlyStoppingRounds) break;
  }

  const isEarlyStopping = validation !== undefined && earlyStoppingRounds > 0;
  const numKept = isEarlyStopping ? bestRound : trees.length;
  return {
    ensemble: { featureNames: [...featureNames], baseValue, trees: trees.slice(0, numKept) },
    bestRound: numKept,
    evaluations,
  };
}

interface BinnedColumns {
  readonly columns: readonly BinnedColumn[];
  readonly plan: TrainingColumns['plan'];
}

/** Columns of each feature of categories; none where it has nothing to split on. */
function binAllCategories({ matrix, hyperParameters, categoricalFeatures = [] }: TrainingInput): ReadonlyMap<number, readonly BinnedColumn[]> {
  const { values, numRows, numFeatures } = matrix;
  const column = new Float32Array(categoricalFeatures.length === 0 ? 0 : numRows);
  const binned = new Map<number, readonly BinnedColumn[]>();
  for (const feature of categoricalFeatures) {
    for (let row = 0, at = feature; row < numRows; row++, at += numFeatures) column[row] = values[at];
    binned.set(feature, binCategories(feature, column, hyperParameters.maxBin));
  }
  return binned;
}

function openOrder(input: TrainingInput, categories: ReadonlyMap<number, readonly BinnedColumn[]>, numMembers: number): MemberOrder {
  const { matrix, weights, validation, hyperParameters, monotoneConstraints } = input;
  const binned = [...categories.values()].flat();
  const maxCode = Math.max(0, ...binned.map(({ bins }) => bins.categories?.reduce((most, code) => Math.max(most, code), 0) ?? 0));
  const shape: TrainingShape = {
    numRows: matrix.numRows,
    numFeatures: matrix.numFeatures,
    maxColumns: Math.max(1, matrix.numFeatures - categories.size + binned.length),
    maxLeaves: Math.max(2, Math.min(hyperParameters.numLeaves, matrix.numRows)),
    wordsPerCategorySet: binned.length === 0 ? 0 : (maxCode >>> 5) + 1,
    hasWideCategories: binned.some(({ wideCodes }) => wideCodes !== undefined),
    isWeighted: weights !== undefined,
    isBagged: hyperParameters.baggingFreq > 0 && hyperParameters.baggingFraction < 1,
    numSampled: Math.min(sampleSize, matrix.numRows),
    numValidationRows: validation?.matrix.numRows ?? 0,
    isValidationWeighted: validation?.weights !== undefined,
    numMembers,
  };
  const order: MemberOrder = {
    memory: takeMemory(shape),
    shape,
    settings: hyperParameters,
    matrix,
    validationMatrix: validation?.matrix ?? null,
    monotoneConstraints: monotoneConstraints === undefined ? null : Int8Array.from(monotoneConstraints),
    categoricalFeatures: [...categories.keys()],
  };
  return order;
}

/** Finds the bins of all features and lays the rows' codes into the shared memory. */
function binRows(
  { matrix, labels, weights, validation, seed }: TrainingInput,
  self: Member & { readonly shared: TrainingMemory },
  crew: Crew,
  categories: ReadonlyMap<number, readonly BinnedColumn[]>,
): BinnedColumns {
  const { shared } = self;
  const { layout, shape } = shared;
  shared.bytes.set(labels, layout.labels);
  if (weights !== undefined) shared.doubles.set(weights, layout.weights / 8);
  if (validation !== undefined) shared.bytes.set(validation.labels, layout.validationLabels);
  if (validation?.weights !== undefined) shared.doubles.set(validation.weights, layout.validationWeights / 8);
  const sample = drawSample(shape.numRows, createRandom(seed, 0));
  if (sample !== null) shared.words.set(sample, layout.sample >>> 2);
  crew.run(phase.findBins);

  const found: BinnedColumn[] = [];
  for (let feature = 0; feature < matrix.numFeatures; feature++) {
    const bins = readBins(shared, feature);
    if (bins !== null) found.push({ bins, codes: new Uint8Array(0) });
    found.push(...(categories.get(feature) ?? []));
  }
  writeColumns(
    shared,
    found.map(({ bins }) => bins),
  );
  crew.run(phase.encode);
  const { bins: encoded, plan } = readColumns(shared);
  found.forEach(({ bins, codes }, column) => {
    if (bins.categories === null) return;
    const { unit, lane } = plan.columns[column];
    const { stride, codesOffset } = plan.units[unit];
    for (let row = 0, at = layout.codes + codesOffset + lane; row < codes.length; row++, at += stride) shared.bytes[at] = codes[row];
  });
  // The encoding has shown which columns have missing values; those of categories know it.
  const columns = found.map((column, position) => (column.bins.categories === null ? { ...column, bins: encoded[position] } : column));
  return { columns, plan };
}

function drawKey(random: Random): RoundingKey {
  return [Math.floor(random() * 0x1_0000_0000), Math.floor(random() * 0x1_0000_0000)];
}

/** Mean log-loss of the validation rows, after the last tree was added to their margins. */
function validate(crew: Crew, { doubles, layout, shape }: TrainingMemory, { weights }: LabelledMatrix): number {
  crew.run(phase.validate);
  let total = 0;
  for (let block = 0; block * rowsPerBlock < shape.numValidationRows; block++) total += doubles[layout.validationSums / 8 + block];
  return total / (weights === undefined ? shape.numValidationRows : sum(weights));
}

/** Gradients of rows that weigh w vary by w² where their hessians grow by w. */
function scaleNoise({ hyperParameters, weights }: TrainingInput): HyperParameters {
  if (weights === undefined) return hyperParameters;
  let squares = 0;
  for (let row = 0; row < weights.length; row++) squares += weights[row] * weights[row];
  return { ...hyperParameters, catNoiseDiscount: (hyperParameters.catNoiseDiscount * squares) / sum(weights) };
}

function weightedMean(labels: Uint8Array, weights?: ArrayLike<number>): number {
  if (weights === undefined) return sum(labels) / labels.length;
  let total = 0;
  for (let row = 0; row < labels.length; row++) total += weights[row] * labels[row];
  return total / sum(weights);
}

function sum(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < numbers.length; index++) total += numbers[index];
  return total;
}
