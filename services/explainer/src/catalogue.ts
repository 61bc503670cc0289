import { getLender } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';

/** The catalogue whose sentences tell the reasons. */
export const CATALOGUE = Symbol('explainer.catalogue');

/** @throws RangeError when no lender has this name */
export const catalogueOf = (lender: string): { readonly provide: symbol; readonly useValue: Catalogue } => ({
  provide: CATALOGUE,
  useValue: getLender(lender).catalogue,
});
