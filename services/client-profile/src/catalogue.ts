import { getLender } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';

/** The lender's catalogue: another lender is another catalogue provided here. */
export const CATALOGUE = Symbol('client-profile.catalogue');

/** @throws RangeError when no lender has this name */
export const catalogueOf = (lender: string): { readonly provide: symbol; readonly useValue: Catalogue } => ({
  provide: CATALOGUE,
  useValue: getLender(lender).catalogue,
});
