import { homeCreditCatalogue } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';

/** The lender's catalogue: another lender is another catalogue provided here. */
export const CATALOGUE = Symbol('client-profile.catalogue');
export const catalogueProvider = { provide: CATALOGUE, useValue: homeCreditCatalogue satisfies Catalogue };
