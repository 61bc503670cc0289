import type { Application, FeatureValues } from '@lisible/contracts';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import type { Catalogue, FeatureDefinition, FeatureFunction, HistoryRow } from '../catalogue/index.ts';
import { createFieldCoding, type FieldCoding } from './field-coding.ts';

/** A feature or policy input bound to the positions of the codes that it reads. */
type BoundFunction = (codes: Float64Array) => number;

const bind = (definition: { readonly derivedFrom: readonly string[]; readonly compute: FeatureFunction }, coding: FieldCoding): BoundFunction => {
  const { compute, derivedFrom } = definition;
  const positions = derivedFrom.map((name) => coding.getPosition(name));
  const [first = 0, second = 0, third = 0] = positions;
  // Most features read one field, two or three: these spare the arguments' array, which is most of the cost in bulk.
  if (positions.length === 1) return (codes) => compute(codes[first] ?? Number.NaN);
  if (positions.length === 2) return (codes) => compute(codes[first] ?? Number.NaN, codes[second] ?? Number.NaN);
  if (positions.length === 3) return (codes) => compute(codes[first] ?? Number.NaN, codes[second] ?? Number.NaN, codes[third] ?? Number.NaN);
  // Filled anew for each application; nothing is computed while another computation is under way.
  const values = new Array<number>(positions.length).fill(Number.NaN);
  return (codes) => {
    for (const [index, position] of positions.entries()) values[index] = codes[position] ?? Number.NaN;
    return compute(...values);
  };
};

/** A float32 number; NaN for whatever is not finite (a ratio to zero, an overflow). Adding 0 removes the sign of -0. */
const toFloat32 = (value: number): number => {
  const rounded = Math.fround(value) + 0;
  return Number.isFinite(rounded) ? rounded : Number.NaN;
};

interface Program {
  readonly coding: FieldCoding;
  readonly features: ReadonlyMap<string, BoundFunction>;
  readonly policyInputs: readonly { readonly name: string; readonly isClaim: boolean; readonly compute: BoundFunction }[];
}

/** Catalogues do not change, so each is bound once. */
const programs = new WeakMap<Catalogue, Program>();

const programOf = (catalogue: Catalogue): Program => {
  const known = programs.get(catalogue);
  if (known !== undefined) return known;
  const coding = createFieldCoding(catalogue);
  const program = {
    coding,
    features: new Map(catalogue.features.map((feature) => [feature.name, bind(feature, coding)])),
    policyInputs: catalogue.policyInputs.map((input) => ({ name: input.name, isClaim: input.type === 'boolean', compute: bind(input, coding) })),
  };
  programs.set(catalogue, program);
  return program;
};

/** Raw tables whose history fields a feature reads; empty for a feature of the application alone. */
export const tablesBehind = (catalogue: Catalogue, { derivedFrom }: Pick<FeatureDefinition, 'derivedFrom'>): ReadonlySet<string> =>
  new Set(catalogue.historyFields.filter(({ name }) => derivedFrom.includes(name)).flatMap(({ tables }) => tables));

/**
 * Names of the features that a model may see, in the order of its vector: those of the catalogue that are not protected and
 * whose history tables are all in `learntTables`; without it, those of the application alone.
 */
export const modelFeatureNames = (catalogue: Catalogue, learntTables: ReadonlySet<string> = new Set()): readonly string[] =>
  catalogue.features
    .filter((feature) => !feature.isProtected && [...tablesBehind(catalogue, feature)].every((table) => learntTables.has(table)))
    .map((feature) => feature.name);

/** Every raw table that the catalogue's history comes from. */
export const historyTablesOf = (catalogue: Catalogue): ReadonlySet<string> => new Set(catalogue.historyFields.flatMap(({ tables }) => tables));

/**
 * Every feature of the catalogue for one application and its client's past, protected ones included: float32 numbers, null when
 * missing. Without a history row everything about the past is missing.
 */
export const computeFeatures = (catalogue: Catalogue, application: Application, history: HistoryRow | null = null): FeatureValues => {
  const { coding, features } = programOf(catalogue);
  const codes = new Float64Array(coding.size);
  coding.encode(application, history, codes);
  const values: FeatureValues = {};
  for (const [name, compute] of features) {
    const value = toFloat32(compute(codes));
    values[name] = Number.isNaN(value) ? null : value;
  }
  return values;
};

/** What a model and a policy read of many applications. */
export interface ModelReading {
  /** One row an application, in the given order. */
  readonly features: FeatureMatrix;
  /** One an application: what `policyInputs` gives. */
  readonly policyInputs: readonly PolicyInputValues[];
}

/** Inputs of declared rules by name: numbers and claims, null when they cannot be told. */
export type PolicyInputValues = Record<string, number | boolean | null>;

/**
 * The named features of many applications, one row each in the given order, by the very functions of `computeFeatures`;
 * `histories` holds each application's history row, or null.
 * Throws RangeError on a feature that the catalogue does not have.
 */
export const computeFeatureMatrix = (
  catalogue: Catalogue,
  applications: readonly Application[],
  featureNames: readonly string[],
  histories: readonly (HistoryRow | null)[] = [],
): FeatureMatrix => readInBulk(catalogue, applications, featureNames, histories, () => undefined);

/** `computeFeatureMatrix` and the inputs of the policy's rules, each application turned into numbers once. */
export const computeModelReading = (
  catalogue: Catalogue,
  applications: readonly Application[],
  featureNames: readonly string[],
  histories: readonly (HistoryRow | null)[] = [],
): ModelReading => {
  const program = programOf(catalogue);
  const inputs: PolicyInputValues[] = [];
  const features = readInBulk(catalogue, applications, featureNames, histories, (codes) => inputs.push(policyInputsIn(program, codes)));
  return { features, policyInputs: inputs };
};

const readInBulk = (
  catalogue: Catalogue,
  applications: readonly Application[],
  featureNames: readonly string[],
  histories: readonly (HistoryRow | null)[],
  onCodes: (codes: Float64Array) => void,
): FeatureMatrix => {
  const { coding, features } = programOf(catalogue);
  const bound = featureNames.map((name) => {
    const compute = features.get(name);
    if (compute === undefined) throw new RangeError(`The catalogue ${catalogue.name} has no feature named ${name}`);
    return compute;
  });
  const values = new Float32Array(applications.length * bound.length);
  const codes = new Float64Array(coding.size);
  let offset = 0;
  for (const [row, application] of applications.entries()) {
    coding.encode(application, histories[row] ?? null, codes);
    for (const compute of bound) {
      values[offset] = toFloat32(compute(codes));
      offset += 1;
    }
    onCodes(codes);
  }
  return { numRows: applications.length, numFeatures: bound.length, values };
};

/** The model's input row: features in the named order, missing (null or absent) as NaN. */
export const toVector = (featureNames: readonly string[], features: FeatureValues): Float32Array =>
  Float32Array.from(featureNames, (name) => features[name] ?? Number.NaN);

/** What declared rules may read of an application, by name: numbers and claims, null when they cannot be told. */
export const policyInputs = (catalogue: Catalogue, application: Application, history: HistoryRow | null = null): PolicyInputValues => {
  const program = programOf(catalogue);
  const codes = new Float64Array(program.coding.size);
  program.coding.encode(application, history, codes);
  return policyInputsIn(program, codes);
};

const policyInputsIn = (program: Program, codes: Float64Array): PolicyInputValues => {
  const inputs: PolicyInputValues = {};
  for (const { name, isClaim, compute } of program.policyInputs) {
    const value = compute(codes);
    inputs[name] = !Number.isFinite(value) ? null : isClaim ? value === 1 : value;
  }
  return inputs;
};
