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

/** The same of many applications at once: from the columns of their codes to a number an application. */
type BoundColumn = (columns: readonly Float64Array[], numRows: number) => Float64Array;

const bindColumn = (
  { compute, derivedFrom }: { readonly derivedFrom: readonly string[]; readonly compute: FeatureFunction },
  coding: FieldCoding,
): BoundColumn => {
  const positions = derivedFrom.map((name) => coding.getPosition(name));
  return (columns, numRows) => {
    const results = new Float64Array(numRows);
    const inputs = positions.map((position) => columns[position] ?? new Float64Array(numRows).fill(Number.NaN));
    const [first = results, second = results, third = results] = inputs;
    // As in `bind`, without an array of arguments where it can be spared.
    if (inputs.length === 1) for (let row = 0; row < numRows; row += 1) results[row] = compute(first[row] ?? Number.NaN);
    else if (inputs.length === 2)
      for (let row = 0; row < numRows; row += 1) results[row] = compute(first[row] ?? Number.NaN, second[row] ?? Number.NaN);
    else if (inputs.length === 3)
      for (let row = 0; row < numRows; row += 1)
        results[row] = compute(first[row] ?? Number.NaN, second[row] ?? Number.NaN, third[row] ?? Number.NaN);
    else {
      const values = new Array<number>(inputs.length).fill(Number.NaN);
      for (let row = 0; row < numRows; row += 1) {
        for (const [index, input] of inputs.entries()) values[index] = input[row] ?? Number.NaN;
        results[row] = compute(...values);
      }
    }
    return results;
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
  readonly featureColumns: ReadonlyMap<string, BoundColumn>;
  readonly policyInputs: readonly {
    readonly name: string;
    readonly isClaim: boolean;
    readonly compute: BoundFunction;
    readonly computeColumn: BoundColumn;
  }[];
}

/** Catalogues do not change, so each is bound once. */
const programs = new WeakMap<Catalogue, Program>();

/** How the catalogue's fields become numbers. */
export const codingOf = (catalogue: Catalogue): FieldCoding => programOf(catalogue).coding;

const programOf = (catalogue: Catalogue): Program => {
  const known = programs.get(catalogue);
  if (known !== undefined) return known;
  const coding = createFieldCoding(catalogue);
  const program = {
    coding,
    features: new Map(catalogue.features.map((feature) => [feature.name, bind(feature, coding)])),
    featureColumns: new Map(catalogue.features.map((feature) => [feature.name, bindColumn(feature, coding)])),
    policyInputs: catalogue.policyInputs.map((input) => ({
      name: input.name,
      isClaim: input.type === 'boolean',
      compute: bind(input, coding),
      computeColumn: bindColumn(input, coding),
    })),
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
): FeatureMatrix => {
  const { coding, features } = programOf(catalogue);
  const bound = featureNames.map((name) => {
    const compute = features.get(name);
    if (compute === undefined) throw unknownFeature(catalogue, name);
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

const unknownFeature = ({ name: catalogueName }: Catalogue, name: string): RangeError =>
  new RangeError(`The catalogue ${catalogueName} has no feature named ${name}`);

/** `computeFeatureMatrix` and the inputs of the policy's rules, each application turned into numbers once. */
export const computeModelReading = (
  catalogue: Catalogue,
  applications: readonly Application[],
  featureNames: readonly string[],
  histories: readonly (HistoryRow | null)[] = [],
): ModelReading => {
  const rows = createCodedRows(catalogue, applications.length);
  for (const [row, application] of applications.entries()) codeApplication(catalogue, rows, row, application, histories[row] ?? null);
  return readCodedRows(catalogue, rows, featureNames);
};

/**
 * Fields and history fields of many applications as numbers (see `FeatureFunction`), for whoever can fill them column by column: what
 * features read. A row is NaN throughout until it is filled.
 */
export interface CodedRows {
  readonly numRows: number;
  /** One array a position of the catalogue's coding, `numRows` long. */
  readonly columns: readonly Float64Array[];
}

/** Rows for as many applications of the catalogue, to be filled. */
export const createCodedRows = (catalogue: Catalogue, numRows: number): CodedRows => ({
  numRows,
  columns: Array.from({ length: programOf(catalogue).coding.size }, () => new Float64Array(numRows).fill(Number.NaN)),
});

/** Fills one row, from an application and its client's past. */
export const codeApplication = (
  catalogue: Catalogue,
  { columns }: CodedRows,
  row: number,
  application: Application,
  history: HistoryRow | null = null,
): void => {
  const { coding } = programOf(catalogue);
  const codes = new Float64Array(coding.size);
  coding.encode(application, history, codes);
  for (const [position, column] of columns.entries()) column[row] = codes[position] ?? Number.NaN;
};

/** Fills a history field of all rows: one number a row, NaN where it is missing. Throws RangeError on a field that is not coded. */
export const codeHistoryField = (catalogue: Catalogue, { columns }: CodedRows, name: string, values: Float64Array): void =>
  columns[programOf(catalogue).coding.getPosition(name)]?.set(values);

/** `computeModelReading` of rows that are numbers already: the same functions, called column by column. */
export const readCodedRows = (catalogue: Catalogue, { columns, numRows }: CodedRows, featureNames: readonly string[]): ModelReading => {
  const { featureColumns, policyInputs: declared } = programOf(catalogue);
  const numFeatures = featureNames.length;
  const values = new Float32Array(numRows * numFeatures);
  for (const [feature, name] of featureNames.entries()) {
    const compute = featureColumns.get(name);
    if (compute === undefined) throw unknownFeature(catalogue, name);
    const column = compute(columns, numRows);
    for (let row = 0; row < numRows; row += 1) values[row * numFeatures + feature] = toFloat32(column[row] ?? Number.NaN);
  }
  const inputs = Array.from({ length: numRows }, (): PolicyInputValues => ({}));
  for (const { name, isClaim, computeColumn } of declared) {
    const column = computeColumn(columns, numRows);
    for (const [row, given] of inputs.entries()) given[name] = toPolicyInput(column[row] ?? Number.NaN, isClaim);
  }
  return { features: { numRows, numFeatures, values }, policyInputs: inputs };
};

const toPolicyInput = (value: number, isClaim: boolean): number | boolean | null => {
  if (!Number.isFinite(value)) return null;
  return isClaim ? value === 1 : value;
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
  for (const { name, isClaim, compute } of program.policyInputs) inputs[name] = toPolicyInput(compute(codes), isClaim);
  return inputs;
};
