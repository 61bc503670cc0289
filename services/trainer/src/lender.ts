import { homeCreditLender } from '@lisible/credit';
import type { Lender } from '@lisible/credit';

/** Whose raw tables are read and whose applications are scored. */
export const LENDER = Symbol('trainer.lender');
export const lenderProvider = { provide: LENDER, useValue: homeCreditLender satisfies Lender };
