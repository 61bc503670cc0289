import type { Lender } from '../lender/index.ts';
import { homeCreditAboutData } from './about-data.ts';
import { homeCreditCatalogue } from './home-credit-catalogue.ts';
import { homeCreditPolicy } from './home-credit-policy.ts';
import { homeCreditSource } from './home-credit.ts';

/** Consumer loans as in Home Credit's tables. */
export const homeCreditLender: Lender = {
  name: homeCreditCatalogue.name,
  catalogue: homeCreditCatalogue,
  source: homeCreditSource,
  policy: homeCreditPolicy,
  about: homeCreditAboutData,
};
