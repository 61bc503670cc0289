export { homeCreditCatalogue } from './home-credit-catalogue.ts';
export { homeCredit, type ColumnDeclaration, type HomeCreditTable } from './home-credit.ts';
export { homeCreditLender } from './home-credit-lender.ts';
