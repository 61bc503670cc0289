export {
  amountStep,
  changeLoan,
  instalmentOf,
  isReadAsMeant,
  loanCandidates,
  readLoan,
  termsOnOffer,
  withTerms,
  type LoanCandidate,
  type LoanPrice,
  type LoanReading,
  type PricedLoan,
} from './loan-arithmetic.ts';
