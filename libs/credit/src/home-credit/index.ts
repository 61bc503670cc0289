export { homeCreditCatalogue } from './home-credit-catalogue.ts';
export { homeCredit, type ColumnDeclaration, type HomeCreditTable, type RawDataProblem, type RawRow, type RawValue } from './home-credit.ts';
