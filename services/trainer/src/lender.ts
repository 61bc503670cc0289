import { getLender } from '@lisible/credit';
import type { Lender } from '@lisible/credit';

/** Whose raw tables are read, under whose catalogue and policy a model is trained. */
export const LENDER = Symbol('trainer.lender');

/** @throws RangeError when no lender has this name */
export const lenderOf = (name: string): { readonly provide: symbol; readonly useValue: Lender } => ({ provide: LENDER, useValue: getLender(name) });
