import { artefactKeys, championPointerSchema, modelFiles, modelManifestSchema } from '@lisible/contracts';
import type { ModelManifest, Policy, PolicyChange, PolicyDraft } from '@lisible/contracts';
import { PolicyError, comparePolicies, completePolicy, draftOf, policyEffect } from '@lisible/credit';
import type { PolicyComparison, PolicyEffect } from '@lisible/credit';
import { RejectedError } from '@lisible/platform';
import type { ArtefactStore, TableReader } from '@lisible/platform';
import { parsePolicyChange } from '../adopt-policy/policy-change.ts';
import { catalogueOf, readPolicyRows } from '../policy-rows/policy-rows.ts';
import { applyChanges } from './apply-changes.ts';
import type { PolicyChanges } from './apply-changes.ts';

/** A policy and what it does to the champion's past loans. */
export interface JudgedPolicy {
  readonly policy: Policy;
  /** What a person declares of it. */
  readonly declared: PolicyDraft;
  readonly effect: PolicyEffect;
}

/** A change as it would be asked for, and its effect beside that of the policy in force, under the costs of the change. */
export interface PolicyTrial {
  readonly change: PolicyChange;
  readonly inForce: JudgedPolicy;
  readonly tried: JudgedPolicy;
  readonly comparison: PolicyComparison;
}

/** The champion's past loans, read once; nothing is written, and a platform that runs is not disturbed. */
export interface PolicyBench {
  readonly manifest: ModelManifest;
  show(policy: Policy): JudgedPolicy;
  /** @throws RejectedError `policy-invalid` with every problem */
  try(inForce: Policy, changes: PolicyChanges, about: Pick<PolicyChange, 'expectedVersion' | 'reason'>): PolicyTrial;
}

const findJson = async (artefacts: ArtefactStore, key: string): Promise<unknown> => {
  const bytes = await artefacts.find(key);
  return bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
};

/** The out-of-fold rows of the model in force; null without one. */
export const openPolicyBench = async (
  { artefacts, tables }: { readonly artefacts: ArtefactStore; readonly tables: TableReader },
  onProgress: (share: number, message: string) => void = () => undefined,
): Promise<PolicyBench | null> => {
  const pointer = championPointerSchema.safeParse(await findJson(artefacts, artefactKeys.champion)).data;
  if (pointer === undefined) return null;
  const manifest = modelManifestSchema.parse(await findJson(artefacts, artefactKeys.model(pointer.modelVersion, modelFiles.manifest)));
  const rows = await readPolicyRows({ artefacts, tables, manifest }, (read) =>
    onProgress(Math.min(1, read / manifest.training.rows), `${read} past loans read`),
  );
  const judge = (policy: Policy, costs: Policy = policy): JudgedPolicy => ({
    policy,
    declared: draftOf(policy),
    effect: policyEffect(policy, rows, costs),
  });
  return {
    manifest,
    show: judge,
    try: (inForce, changes, about) => {
      const change = parsePolicyChange({ ...about, policy: applyChanges(inForce, changes) }, catalogueOf(manifest));
      const policy = completed(() => completePolicy(inForce.policyName, change.policy, rows));
      return { change, inForce: judge(inForce, policy), tried: judge(policy), comparison: comparePolicies(inForce, policy, rows) };
    },
  };
};

const completed = (complete: () => Policy): Policy => {
  try {
    return complete();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const message = { fr: `La politique ne peut pas être placée (${error.code}).`, en: `The policy cannot be placed: ${error.message}.` };
    throw new RejectedError('policy-invalid', message, [{ field: 'policy', code: error.code, message }]);
  }
};
