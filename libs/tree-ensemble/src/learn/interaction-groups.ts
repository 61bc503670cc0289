import type { FeatureBins } from './binning.ts';

/** What a leaf may still split on, by the features that its branch has used. */
export interface Branch {
  /** Groups, by position, that hold every feature used above. */
  readonly groups: readonly number[];
  /** By column: 1 where the leaf may split on it. */
  readonly mayUse: Uint8Array;
}

/** LightGBM's `interaction_constraints`: the features of a branch must all stand in one group; what is in no group goes unused. */
export class InteractionGroups {
  readonly #groups: readonly ReadonlySet<number>[];
  readonly #features: readonly number[];
  /** Branches are alike where the same groups are left. */
  readonly #branches = new Map<string, Branch>();

  constructor(groups: readonly (readonly number[])[], columns: readonly { readonly bins: FeatureBins }[]) {
    this.#groups = groups.map((group) => new Set(group));
    this.#features = columns.map(({ bins }) => bins.feature);
  }

  /** Of a tree's root. */
  open(): Branch {
    return this.#branchOf(this.#groups.map((_, group) => group));
  }

  /** Of both children of a split on the feature. */
  narrow(branch: Branch, feature: number): Branch {
    return this.#branchOf(branch.groups.filter((group) => this.#groups[group].has(feature)));
  }

  #branchOf(groups: readonly number[]): Branch {
    const key = groups.join(' ');
    const known = this.#branches.get(key);
    if (known !== undefined) return known;
    const mayUse = Uint8Array.from(this.#features, (feature) => (groups.some((group) => this.#groups[group].has(feature)) ? 1 : 0));
    const branch = { groups, mayUse };
    this.#branches.set(key, branch);
    return branch;
  }
}
