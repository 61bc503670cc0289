import { applicationEnvelopeFields, languages, type LocalizedText } from '@lisible/contracts';
import type { AllowedRange, Catalogue, FeatureDefinition, FieldDefinition, HistoryFieldDefinition } from './catalogue.ts';

const RAW_COLUMN_NAME = /[A-Z0-9]+_[A-Z0-9]/u;
const BUSINESS_NAME = /^[a-z][A-Za-z0-9]*$/u;
const PLACEHOLDER = /\{[^}]*\}/gu;
/** Envelope parts that a feature may read beside the fields. */
const READABLE_ENVELOPE = new Set<string>(['submittedAt']);

const repeated = (names: readonly string[]): readonly string[] => names.filter((name, index) => names.indexOf(name) !== index);

const checkText = (owner: string, text: LocalizedText): readonly string[] =>
  languages.flatMap((language) => {
    const words = text[language];
    if (words.trim() === '') return [`${owner} has no text in ${language}`];
    return RAW_COLUMN_NAME.test(words) ? [`${owner} shows a raw column name in ${language}`] : [];
  });

const isEmpty = (range: AllowedRange | null): boolean => range !== null && range.min !== null && range.max !== null && range.min > range.max;

const checkField = (field: FieldDefinition, fields: ReadonlyMap<string, FieldDefinition>): readonly string[] => {
  const owner = `Field ${field.name}`;
  const problems: string[] = [...checkText(`${owner}: label`, field.label), ...checkText(`${owner}: definition`, field.definition)];
  const claim = (isSound: boolean, otherwise: string): void => {
    if (!isSound) problems.push(`${owner} ${otherwise}`);
  };
  claim(BUSINESS_NAME.test(field.name), 'is not named in camelCase');
  claim(!applicationEnvelopeFields.some((name) => name === field.name), 'takes the name of a part of the envelope');
  claim((field.type === 'category') === (field.categories !== null), 'is a category without categories, or the reverse');
  claim(!isEmpty(field.range), 'has an empty range');
  claim(field.range === null || (field.type !== 'category' && field.type !== 'boolean'), 'has a range that its type cannot have');
  claim(!field.isContact || field.purpose === 'identification', 'is contact data used for something else than identification');
  claim(field.type !== 'text' || field.isContact, 'is a text that nobody can assess');
  claim(
    field.notBefore === null || (field.type === 'date' && fields.get(field.notBefore)?.type === 'date'),
    'is compared with something that is no date',
  );
  claim(field.protection === null || field.purpose !== 'credit-assessment', 'is protected and used to assess credit');
  if (field.protection !== null) problems.push(...checkText(`${owner}: reason of protection`, field.protection));
  const categories = field.categories ?? [];
  const values = categories.map(({ value }) => value);
  for (const value of repeated(values)) problems.push(`${owner} declares the category ${value} twice`);
  for (const category of categories) {
    problems.push(...checkText(`${owner}: category ${category.value}`, category.label));
    claim(category.codedAs === undefined || values.includes(category.codedAs), `codes ${category.value} as a category that it does not have`);
  }
  return problems;
};

/** Where history fields come from: what checks read of a lender's history source. */
export interface HistoryOrigin {
  readonly tables: readonly { readonly name: string }[];
  readonly queries: readonly { readonly tables: readonly string[]; readonly fields: readonly string[] }[];
}

const checkHistoryField = (field: HistoryFieldDefinition, { fields, features }: Catalogue, origin: HistoryOrigin | null): readonly string[] => {
  const owner = `History field ${field.name}`;
  const problems: string[] = [...checkText(`${owner}: label`, field.label), ...checkText(`${owner}: definition`, field.definition)];
  const claim = (isSound: boolean, otherwise: string): void => {
    if (!isSound) problems.push(`${owner} ${otherwise}`);
  };
  claim(BUSINESS_NAME.test(field.name), 'is not named in camelCase');
  claim(!fields.some(({ name }) => name === field.name), 'takes the name of a field of the application');
  claim(!applicationEnvelopeFields.some((name) => name === field.name), 'takes the name of a part of the envelope');
  claim(!isEmpty(field.range), 'has an empty range');
  claim(field.tables.length > 0, 'comes from no table');
  for (const table of repeated(field.tables)) claim(false, `names the table ${table} twice`);
  claim(
    features.some(({ derivedFrom }) => derivedFrom.includes(field.name)),
    'is read by no feature',
  );
  if (origin === null) return problems;
  for (const table of field.tables) {
    claim(
      origin.tables.some(({ name }) => name === table),
      `comes from ${table}, which is no history table`,
    );
  }
  const [query, ...others] = origin.queries.filter((candidate) => candidate.fields.includes(field.name));
  claim(query !== undefined && others.length === 0, 'is not the result of one query');
  claim(query === undefined || query.tables.toSorted().join() === field.tables.toSorted().join(), 'names other tables than its query reads');
  return problems;
};

/** Results that the catalogue does not know would be computed and lost. */
const checkOrigin = (origin: HistoryOrigin, historyNames: ReadonlySet<string>): readonly string[] =>
  origin.queries
    .flatMap((query) => query.fields)
    .filter((name) => !historyNames.has(name))
    .map((name) => `A query yields ${name}, which is no history field`);

const placeholdersOf = (text: string): readonly string[] => (text.match(PLACEHOLDER) ?? []).toSorted();

const checkSentences = (feature: FeatureDefinition): readonly string[] => {
  const { higher, lower, same, missing } = feature.sentences;
  const both = ['{typical}', '{value}'];
  const rules = [
    { name: 'higher', text: higher, allowed: [both] },
    { name: 'lower', text: lower, allowed: [both] },
    { name: 'same', text: same, allowed: [['{value}'], both] },
    { name: 'missing', text: missing, allowed: [[], ['{typical}']] },
  ];
  return rules.flatMap(({ name, text, allowed }) => {
    const owner = `Feature ${feature.name}: sentence ${name}`;
    const misplaced = languages.filter((language) => !allowed.some((list) => list.join() === placeholdersOf(text[language]).join()));
    return [...checkText(owner, text), ...misplaced.map((language) => `${owner} has the wrong placeholders in ${language}`)];
  });
};

const checkFeature = (
  feature: FeatureDefinition,
  fields: ReadonlyMap<string, FieldDefinition>,
  reasonCodes: ReadonlySet<string>,
  featureNames: ReadonlySet<string>,
  historyNames: ReadonlySet<string>,
): readonly string[] => {
  const owner = `Feature ${feature.name}`;
  const problems: string[] = [
    ...checkText(`${owner}: label`, feature.label),
    ...checkText(`${owner}: definition`, feature.definition),
    ...checkSentences(feature),
  ];
  const claim = (isSound: boolean, otherwise: string): void => {
    if (!isSound) problems.push(`${owner} ${otherwise}`);
  };
  const sources = feature.derivedFrom.map((name) => fields.get(name));
  for (const { feature: other, statement } of feature.notApplicable ?? []) {
    claim(featureNames.has(other) && other !== feature.name, `does not apply because of ${other}, which is no other feature`);
    problems.push(...checkText(`${owner}: sentence not applicable`, statement));
  }
  claim(BUSINESS_NAME.test(feature.name), 'is not named in camelCase');
  claim(feature.derivedFrom.length > 0, 'is derived from nothing');
  for (const name of feature.derivedFrom) {
    claim(fields.has(name) || historyNames.has(name) || READABLE_ENVELOPE.has(name), `is derived from ${name}, which is no field`);
  }
  for (const name of repeated(feature.derivedFrom)) problems.push(`${owner} reads ${name} twice`);
  claim(!sources.some((field) => field?.isContact === true || field?.type === 'text'), 'reads contact data');
  claim(!sources.some((field) => field?.purpose === 'policy-rule'), 'reads a field that only rules may read');
  const isDerivedFromProtected = sources.some((field) => field !== undefined && field.protection !== null);
  claim(feature.isProtected || !isDerivedFromProtected, 'is derived from a protected field and not protected');
  claim(!feature.isProtected || isDerivedFromProtected, 'is protected without a protected field behind it');
  claim(reasonCodes.has(feature.reasonCode), `has an unknown reason code ${feature.reasonCode}`);
  claim((feature.format.kind === 'category') === (feature.format.categories !== null), 'is written as a category without categories, or the reverse');
  return problems;
};

/**
 * Contradictions of a catalogue in words, empty when it is sound: names that clash, fields that do not exist,
 * features of protected fields that are not protected, texts missing in a language or showing raw column names,
 * sentences whose placeholders do not match, history fields that nothing reads. With the lender's history source also: history
 * fields whose tables or query are not there, and results of queries that are no history field.
 */
export const checkCatalogue = (catalogue: Catalogue, origin: HistoryOrigin | null = null): readonly string[] => {
  const fields = new Map(catalogue.fields.map((field) => [field.name, field]));
  const reasonCodes = new Set(catalogue.reasonGroups.map(({ code }) => code));
  const featureNames = new Set(catalogue.features.map(({ name }) => name));
  const historyNames = new Set(catalogue.historyFields.map(({ name }) => name));
  const usedCodes = new Set(catalogue.features.map(({ reasonCode }) => reasonCode));
  const themes = new Set(catalogue.themes.map(({ theme }) => theme));
  const named = [...catalogue.fields, ...catalogue.historyFields, ...catalogue.features];
  return [
    ...repeated(catalogue.fields.map(({ name }) => name)).map((name) => `Two fields are named ${name}`),
    ...repeated(catalogue.historyFields.map(({ name }) => name)).map((name) => `Two history fields are named ${name}`),
    ...repeated(catalogue.features.map(({ name }) => name)).map((name) => `Two features are named ${name}`),
    ...repeated(catalogue.policyInputs.map(({ name }) => name)).map((name) => `Two policy inputs are named ${name}`),
    ...catalogue.themes.flatMap(({ theme, label }) => checkText(`Theme ${theme}`, label)),
    ...named.filter(({ theme }) => !themes.has(theme)).map(({ name, theme }) => `${name} belongs to the theme ${theme}, which has no label`),
    ...catalogue.reasonGroups.flatMap(({ code, label }) => checkText(`Reason ${code}`, label)),
    ...catalogue.reasonGroups.filter(({ code }) => !usedCodes.has(code)).map(({ code }) => `No feature has the reason code ${code}`),
    ...catalogue.fields.flatMap((field) => checkField(field, fields)),
    ...catalogue.historyFields.flatMap((field) => checkHistoryField(field, catalogue, origin)),
    ...(origin === null ? [] : checkOrigin(origin, historyNames)),
    ...catalogue.features.flatMap((feature) => checkFeature(feature, fields, reasonCodes, featureNames, historyNames)),
    ...catalogue.policyInputs.flatMap(({ name, label, derivedFrom }) => [
      ...checkText(`Policy input ${name}`, label),
      ...derivedFrom
        .filter((source) => !READABLE_ENVELOPE.has(source) && (fields.get(source)?.isContact ?? true))
        .map((source) => `Policy input ${name} is derived from ${source}, which is no field that it may read`),
    ]),
    ...catalogue.displayNameFields
      .filter((name) => fields.get(name)?.isContact !== true)
      .map((name) => `The displayed name is made of ${name}, which is no contact field`),
  ];
};
