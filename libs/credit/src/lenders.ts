import { germanCreditLender } from './german-credit/index.ts';
import { homeCreditLender } from './home-credit/index.ts';
import type { Lender } from './lender/index.ts';

/** Every lender that configuration may name. A further one is a folder with its catalogue, and a line here. */
export const lenders: readonly Lender[] = [homeCreditLender, germanCreditLender];

/** Names of the lenders there are. */
export const lenderNames: readonly string[] = lenders.map(({ name }) => name);

/** Null where no lender has this name. */
export const findLender = (name: string): Lender | null => lenders.find((candidate) => candidate.name === name) ?? null;

/** @throws RangeError where no lender has this name */
export const getLender = (name: string): Lender => {
  const lender = findLender(name);
  if (lender === null) throw new RangeError(`No lender is named ${name}: there are ${lenderNames.join(', ')}`);
  return lender;
};
