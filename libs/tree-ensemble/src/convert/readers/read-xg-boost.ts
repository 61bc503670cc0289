import type { TreeEnsemble } from '../../tree-ensemble.ts';
import { checkMargins, createAssembly, nameFeatures, refuse, settleCovers, type Assembly, type ForeignNode } from './assembly.ts';
import { nextBelowFloat32 } from './next-below.ts';

const objectives = ['binary:logistic', 'reg:logistic'];
const newestMajor = 3;

/**
 * Reads the JSON text of an XGBoost model (`Booster.save_model('….json')`): logistic objective, booster gbtree, thresholds and
 * category sets. A row falls into the same leaf of every tree as in XGBoost; margins differ from its own, which are sums in float32, by
 * such rounding only. All trees are read, whatever `best_iteration` says. Covers are its sums of hessians.
 *
 * A row holds float32 values, NaN = missing, and category codes as XGBoost was given them. Features that the file does not name are
 * called f0, f1, …. XGBoost goes left where `value < threshold`, hence thresholds here are the float32 number below, and leads the codes
 * of a set right, hence branches are swapped there.
 *
 * Throws TreeEnsembleError: `not-json`, `bad-format`, `unsupported-version`, `unsupported-model` (other objectives or boosters, several
 * classes or targets), `too-large`, `arrays-differ`, `index-out-of-range`, `cycle`, `not-finite`, `bad-cover`, `bad-categories`.
 */
export function readXgBoost(text: string): TreeEnsemble {
  const file = parseJson(text);
  const version = readList(file, 'version', 'the file');
  const [major] = version;
  if (typeof major !== 'number' || major < 1 || major > newestMajor) {
    refuse('unsupported-version', `only models of version 1 to ${newestMajor} can be read`);
  }
  const learner = readRecord(file, 'learner', 'the file');
  const parameters = readRecord(learner, 'learner_model_param', 'learner');
  checkModel(learner, parameters);
  const model = readRecord(readRecord(learner, 'gradient_booster', 'learner'), 'model', 'gradient_booster');
  const names = learner['feature_names'] === undefined ? [] : readList(learner, 'feature_names', 'learner');
  const featureNames = nameFeatures(
    readCount(parameters, 'num_feature', 'learner_model_param'),
    names.map((name) => (typeof name === 'string' ? name : refuse('bad-format', 'a feature name is not a text'))),
  );
  const assembly = createAssembly(featureNames.length);
  const files = readList(model, 'trees', 'model');
  if (readCount(readRecord(model, 'gbtree_model_param', 'model'), 'num_trees', 'gbtree_model_param') !== files.length) {
    refuse('arrays-differ', 'num_trees is not the number of trees');
  }
  files.forEach((tree, index) => {
    if (!isRecord(tree)) refuse('bad-format', `tree ${index} is not an object`);
    addTree(assembly, `tree ${index}`, tree);
  });
  const trees = settleCovers(assembly.trees) ?? refuse('bad-cover', 'the sums of hessians are not positive or do not add up');
  const ensemble = { featureNames, baseValue: readBaseValue(parameters), trees };
  checkMargins(ensemble);
  return ensemble;
}

function checkModel(learner: Fields, parameters: Fields): void {
  const objective = readRecord(learner, 'objective', 'learner')['name'];
  if (typeof objective !== 'string' || !objectives.includes(objective)) {
    refuse('unsupported-model', `only the objectives ${objectives.join(' and ')} can be read`);
  }
  if (readRecord(learner, 'gradient_booster', 'learner')['name'] !== 'gbtree') refuse('unsupported-model', 'only the booster gbtree can be read');
  if (readCount(parameters, 'num_class', 'learner_model_param') > 1) refuse('unsupported-model', 'several classes cannot be read');
  if (parameters['num_target'] !== undefined && readCount(parameters, 'num_target', 'learner_model_param') > 1) {
    refuse('unsupported-model', 'several targets cannot be read');
  }
}

/** The base score is a probability, in brackets since version 3.1; XGBoost takes its log-odds in float32. */
function readBaseValue(parameters: Fields): number {
  const text = parameters['base_score'];
  if (typeof text !== 'string') refuse('bad-format', 'base_score is not a text');
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const score = /^[-+\dEe.]+$/.test(bare) ? Math.fround(Number(bare)) : NaN;
  if (!(score > 0 && score < 1)) refuse('not-finite', 'base_score is no probability between 0 and 1');
  return -Math.fround(Math.log(Math.fround(Math.fround(1 / score) - 1)));
}

function addTree(assembly: Assembly, place: string, tree: Fields): void {
  const parameters = readRecord(tree, 'tree_param', place);
  const numNodes = readCount(parameters, 'num_nodes', place);
  if (parameters['size_leaf_vector'] !== undefined && readCount(parameters, 'size_leaf_vector', place) > 1) {
    refuse('unsupported-model', `${place} has leaves of several values`);
  }
  const read = (name: string): readonly number[] => {
    const values = readNumbers(tree, name, place);
    if (values.length !== numNodes) refuse('arrays-differ', `${place}: ${name} has ${values.length} entries for ${numNodes} nodes`);
    return values;
  };
  const leftChildren = read('left_children');
  const rightChildren = read('right_children');
  const splitIndices = read('split_indices');
  const splitConditions = read('split_conditions');
  const defaultLeft = read('default_left');
  const sumHessian = read('sum_hessian');
  const splitType = tree['split_type'] === undefined ? null : read('split_type');
  const sets = readSets(assembly, place, tree);

  const used = new Uint8Array(numNodes);
  assembly.addTree(place, {
    root: 0,
    used,
    readNode: (node): ForeignNode => {
      const where = `${place}, node ${node}`;
      const left = leftChildren[node];
      const right = rightChildren[node];
      const cover = Math.fround(sumHessian[node]);
      const value = Math.fround(splitConditions[node]);
      if (left === -1 || right === -1) {
        if (left !== right) refuse('bad-format', `${where} is half a leaf`);
        return { leafValue: value, cover };
      }
      const isDefaultLeft = defaultLeft[node] === 1;
      if (!isDefaultLeft && defaultLeft[node] !== 0) refuse('bad-format', `${where}: default_left is neither 0 nor 1`);
      const feature = splitIndices[node];
      switch (splitType?.[node] ?? 0) {
        case 0:
          if (!Number.isFinite(value)) refuse('not-finite', `${where}: the threshold is not finite`);
          return { feature, threshold: nextBelowFloat32(value), categories: null, defaultLeft: isDefaultLeft, left, right, cover };
        case 1: {
          const categories = sets.get(node) ?? refuse('bad-categories', `${where} splits on categories and has none`);
          return { feature, threshold: 0, categories, defaultLeft: !isDefaultLeft, left: right, right: left, cover };
        }
        default:
          return refuse('bad-format', `${where}: split_type is neither 0 nor 1`);
      }
    },
  });
  const numUnused = used.reduce((count, isUsed) => count + 1 - isUsed, 0);
  const numDeleted = parameters['num_deleted'] === undefined ? 0 : readCount(parameters, 'num_deleted', place);
  if (numUnused !== numDeleted) refuse('bad-format', `${place} has ${numUnused} nodes that nothing leads to, and says ${numDeleted}`);
}

/** By node: the codes that go right. */
function readSets(assembly: Assembly, place: string, tree: Fields): ReadonlyMap<number, Uint32Array> {
  const sets = new Map<number, Uint32Array>();
  if (tree['categories_nodes'] === undefined) return sets;
  const nodes = readNumbers(tree, 'categories_nodes', place);
  const segments = readNumbers(tree, 'categories_segments', place);
  const sizes = readNumbers(tree, 'categories_sizes', place);
  const codes = readNumbers(tree, 'categories', place);
  if (segments.length !== nodes.length || sizes.length !== nodes.length) refuse('arrays-differ', `${place}: not every category set has its size`);
  let end = 0;
  nodes.forEach((node, index) => {
    // Sets follow one another: none can be counted twice.
    if (segments[index] !== end) refuse('bad-categories', `${place}: categories_segments do not follow one another`);
    end += sizes[index];
    if (!Number.isInteger(end) || end < segments[index] || end > codes.length) {
      refuse('index-out-of-range', `${place}: a category set ends at ${end} of ${codes.length} codes`);
    }
    if (sets.has(node)) refuse('bad-categories', `${place}, node ${node} has two category sets`);
    sets.set(node, assembly.toCategories(`${place}, node ${node}`, codes.slice(segments[index], end)));
  });
  return sets;
}

type Fields = Readonly<Record<string, unknown>>;

function parseJson(text: string): Fields {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    refuse('not-json', 'the text is not JSON', cause);
  }
  return isRecord(file) ? file : refuse('bad-format', 'the text is not an XGBoost model');
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readRecord(parent: Fields, name: string, place: string): Fields {
  const value = parent[name];
  return isRecord(value) ? value : refuse('bad-format', `${place}: ${name} is not an object`);
}

function readList(parent: Fields, name: string, place: string): readonly unknown[] {
  const value = parent[name];
  return Array.isArray(value) ? value : refuse('bad-format', `${place}: ${name} is not a list`);
}

function readNumbers(parent: Fields, name: string, place: string): readonly number[] {
  return readList(parent, name, place).map((value) =>
    typeof value === 'number'
      ? value
      : // Version 1 wrote directions as booleans.
        name === 'default_left' && typeof value === 'boolean'
        ? Number(value)
        : refuse('bad-format', `${place}: ${name} holds something that is not a number`),
  );
}

/** XGBoost writes its parameters as texts. */
function readCount(parent: Fields, name: string, place: string): number {
  const value = parent[name];
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) refuse('bad-format', `${place}: ${name} is not a whole number`);
  return Number(value);
}
