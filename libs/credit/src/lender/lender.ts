import type { PolicyRule } from '@lisible/contracts';
import type { Catalogue } from '../catalogue/index.ts';
import type { MisclassificationCost } from '../statistics/index.ts';
import type { AboutData } from './about-data.ts';
import type { RawSource } from './raw-source.ts';

/** The policy that a lender starts with; its later versions are owned by scoring. */
export interface PolicyDefaults {
  readonly policyName: string;
  readonly misclassificationCost: MisclassificationCost;
  /** Share of applications that advisors can review themselves, 0..1. */
  readonly reviewCapacity: number;
  /** The declared rules that come before the model; inputs are named as in the catalogue's `policyInputs`. */
  readonly rules: readonly PolicyRule[];
}

/** All that makes one lender another: what its data mean, how its files are read, what it may grant. */
export interface Lender {
  /** The catalogue's name, by which configuration chooses. */
  readonly name: string;
  readonly catalogue: Catalogue;
  readonly source: RawSource;
  readonly policy: PolicyDefaults;
  /** For the data sheet of its models. */
  readonly about: AboutData;
}
