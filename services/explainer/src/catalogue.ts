import { homeCreditCatalogue } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';

/** The catalogue whose sentences tell the reasons. */
export const CATALOGUE = Symbol('explainer.catalogue');
export const catalogueProvider = { provide: CATALOGUE, useValue: homeCreditCatalogue satisfies Catalogue };
