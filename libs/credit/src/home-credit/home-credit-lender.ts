import type { Lender } from '../lender/index.ts';
import { defaultMisclassificationCost, defaultPolicyName, defaultPolicyRules, defaultReviewCapacity } from '../policy/index.ts';
import { homeCreditAboutData } from './about-data.ts';
import { homeCreditCatalogue } from './home-credit-catalogue.ts';
import { homeCreditSource } from './home-credit.ts';

/** Consumer loans as in Home Credit's tables. */
export const homeCreditLender: Lender = {
  name: homeCreditCatalogue.name,
  catalogue: homeCreditCatalogue,
  source: homeCreditSource,
  policy: {
    policyName: defaultPolicyName,
    misclassificationCost: defaultMisclassificationCost,
    reviewCapacity: defaultReviewCapacity,
    rules: defaultPolicyRules,
  },
  about: homeCreditAboutData,
};
