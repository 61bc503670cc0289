import type { PolicyChanges } from '@lisible/scoring';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { StartError, fromWhereThePersonStands } from './settings.ts';

/** What a person asked of `npm run policy`. */
export interface PolicyOrder {
  readonly command: 'show' | 'try' | 'adopt';
  readonly changes: PolicyChanges;
  readonly reason: string | null;
  /** Adopt without being asked. */
  readonly isConfirmed: boolean;
  readonly isJson: boolean;
}

export const policyUsage = `npm run --silent policy -- show | try CHANGES | adopt CHANGES --reason "…" [--yes]; --json prints JSON
CHANGES: --false-negative N --false-positive N --review-capacity SHARE
         --loss-given-default SHARE --margin-rate SHARE [--least-threshold P --greatest-threshold P --amount-field NAME] | --without-amounts
         --policy FILE.json (any of misclassificationCost, reviewCapacity, amountAwareCost, rules)`;

const options = {
  'false-negative': { type: 'string' },
  'false-positive': { type: 'string' },
  'review-capacity': { type: 'string' },
  'loss-given-default': { type: 'string' },
  'margin-rate': { type: 'string' },
  'least-threshold': { type: 'string' },
  'greatest-threshold': { type: 'string' },
  'amount-field': { type: 'string' },
  'without-amounts': { type: 'boolean' },
  policy: { type: 'string' },
  reason: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** By shape: an error of Node's may come from another realm. */
const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new StartError(`${messageOf(error)}\n${policyUsage}`);
  }
};

const readFileContent = (path: string): unknown => {
  const file = fromWhereThePersonStands(path);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StartError(`The policy in ${file} cannot be read: ${messageOf(error)}`);
  }
};

/** @throws StartError with how it is said */
export const readPolicyOrder = (args: readonly string[]): PolicyOrder => {
  const { values, positionals } = readArguments(args);
  const [command, ...others] = positionals;
  if ((command !== 'show' && command !== 'try' && command !== 'adopt') || others.length > 0) throw new StartError(`Say what to do:\n${policyUsage}`);
  const number = (
    name: 'false-negative' | 'false-positive' | 'review-capacity' | 'loss-given-default' | 'margin-rate' | 'least-threshold' | 'greatest-threshold',
  ) => {
    const text = values[name];
    if (text === undefined) return null;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) throw new StartError(`--${name} takes a number, as in --${name} 0.1:\n${policyUsage}`);
    return value;
  };
  const changes: PolicyChanges = {
    parts: values.policy === undefined ? {} : readFileContent(values.policy),
    falseNegative: number('false-negative'),
    falsePositive: number('false-positive'),
    reviewCapacity: number('review-capacity'),
    lossGivenDefault: number('loss-given-default'),
    marginRate: number('margin-rate'),
    leastThreshold: number('least-threshold'),
    greatestThreshold: number('greatest-threshold'),
    amountField: values['amount-field'] ?? null,
    isWithoutAmounts: values['without-amounts'] === true,
  };
  const isChanged =
    values.policy !== undefined || Object.entries(changes).some(([name, value]) => name !== 'parts' && value !== null && value !== false);
  if (command === 'show' && isChanged) throw new StartError(`"show" changes nothing: say "try" to see what a change would do.\n${policyUsage}`);
  if (command !== 'show' && !isChanged) throw new StartError(`Say what to change:\n${policyUsage}`);
  const reason = values.reason?.trim() ?? '';
  if (command === 'adopt' && reason === '') throw new StartError(`Say why, for whoever reads the history: --reason "…"\n${policyUsage}`);
  return { command, changes, reason: reason === '' ? null : reason, isConfirmed: values.yes === true, isJson: values.json === true };
};
