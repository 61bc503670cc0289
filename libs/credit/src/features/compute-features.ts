import type { Application, FeatureValues } from '@lisible/contracts';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import type { Catalogue, FeatureDefinition, FeatureFunction, HistoryRow } from '../catalogue/index.ts';
import { createFieldCoding, type FieldCoding } from './field-coding.ts';

/** A feature or policy input bound to the positions of the codes that it reads. */
type BoundFunction = (codes: Float64Array) => number;

const bind = (definition: { readonly derivedFrom: readonly string[]; readonly compute: FeatureFunction }, coding: FieldCoding): BoundFunction => {
  const { compute, derivedFrom } = definition;
  const positions = derivedFrom.map((name) => coding.getPosition(name));
  const [first = 0, second = 0] = positions;
  // Most features read one or two fields; these two spare the arguments' array, which is most of the cost in bulk.
  if (positions.length === 1) return (codes) => compute(codes[first] ?? Number.NaN);
  if (positions.length === 2) return (codes) => compute(codes[first] ?? Number.NaN, codes[second] ?? Number.NaN);
  return (codes) => compute(...positions.map((position) => codes[position] ?? Number.NaN));
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
  }
  return { numRows: applications.length, numFeatures: bound.length, values };
};

/** The model's input row: features in the named order, missing (null or absent) as NaN. */
export const toVector = (featureNames: readonly string[], features: FeatureValues): Float32Array =>
  Float32Array.from(featureNames, (name) => features[name] ?? Number.NaN);

/** What declared rules may read of an application, by name: numbers and claims, null when they cannot be told. */
export const policyInputs = (
  catalogue: Catalogue,
  application: Application,
  history: HistoryRow | null = null,
): Record<string, number | boolean | null> => {
  const program = programOf(catalogue);
  const codes = new Float64Array(program.coding.size);
  program.coding.encode(application, history, codes);
  return Object.fromEntries(
    program.policyInputs.map(({ name, isClaim, compute }) => {
      const value = compute(codes);
      if (!Number.isFinite(value)) return [name, null];
      return [name, isClaim ? value === 1 : value];
    }),
  );
};
