export { germanCreditCatalogue } from './german-credit-catalogue.ts';
export { germanCreditLender } from './german-credit-lender.ts';
