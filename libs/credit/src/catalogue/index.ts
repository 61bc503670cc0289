export * from './catalogue.ts';
export { toCatalogueView } from './catalogue-view.ts';
export { checkCatalogue } from './check-catalogue.ts';
export {
  codingFeature,
  declareBoolean,
  declareCategory,
  declareNumber,
  fieldOf,
  formatOf,
  type DeclaredField,
  type FieldWords,
  type NumberWords,
} from './declare.ts';
export { categorySentences, comparisonSentences, indexSentences, quotientSentences, sentences, subjectSentences, type Pair } from './sentences.ts';
export { defineCatalogue, say, type CatalogueDraft, type FeatureDraft } from './define-catalogue.ts';
export { protectedGrounds } from './protected-grounds.ts';
