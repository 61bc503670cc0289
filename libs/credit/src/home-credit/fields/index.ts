import type { HomeCreditField } from '../declare-field.ts';
import { bureauFields } from './credit-bureau.ts';
import { documentFields } from './documents.ts';
import { dwellingFields } from './dwelling.ts';
import { housingFields } from './housing.ts';
import { identityFields } from './identity.ts';
import { loanFields } from './loan-requested.ts';
import { workFields } from './work.ts';

/** Every field of a Home Credit application, in the order of the catalogue. */
export const homeCreditFields: readonly HomeCreditField[] = [
  ...loanFields,
  ...workFields,
  ...bureauFields,
  ...identityFields,
  ...housingFields,
  ...dwellingFields,
  ...documentFields,
];
