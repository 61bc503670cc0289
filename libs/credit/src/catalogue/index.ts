export * from './catalogue.ts';
export { toCatalogueView } from './catalogue-view.ts';
export { checkCatalogue } from './check-catalogue.ts';
export { defineCatalogue, say, type CatalogueDraft, type FeatureDraft } from './define-catalogue.ts';
