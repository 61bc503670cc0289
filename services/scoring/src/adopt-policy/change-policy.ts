import { topics } from '@lisible/contracts';
import type { Policy, PolicyChange, PolicyVersion } from '@lisible/contracts';
import { PolicyError, completePolicy } from '@lisible/credit';
import { ARTEFACTS, CLOCK, RejectedError, TABLES, TRANSACTIONS } from '@lisible/platform';
import type { ArtefactStore, Clock, TableReader, Transactions } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Champion, noModel } from '../follow-champion/champion.ts';
import type { ScoringTables } from '../ledger/tables.ts';
import { PolicyVersions } from '../policies/policy-versions.ts';
import { catalogueOf, readAmounts } from '../policy-rows/policy-rows.ts';
import { parsePolicyChange } from './policy-change.ts';

/**
 * A person's change of policy becomes its next version: what was declared, completed on the champion's out-of-fold rows. It decides
 * from the next batch on, here and in every replica, since each batch asks for the version in force; earlier decisions keep theirs.
 */
@Injectable()
export class ChangePolicy {
  constructor(
    @Inject(TRANSACTIONS) private readonly transactions: Transactions<ScoringTables>,
    @Inject(PolicyVersions) private readonly policies: PolicyVersions,
    @Inject(Champion) private readonly champion: Champion,
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(TABLES) private readonly tables: TableReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws RejectedError `policy-invalid` with every problem, `policy-conflict` when another version is in force; TransientError `no-model`. */
  async execute(body: unknown, adoptedBy: string): Promise<PolicyVersion> {
    const { manifest } = this.champion.get();
    const catalogue = catalogueOf(manifest);
    const change = parsePolicyChange(body, catalogue);
    const inForce = await this.policies.find();
    if (inForce === null) throw noModel();
    const { expectedVersion, reason } = change;
    if (inForce.policyVersion !== expectedVersion) throw conflict(expectedVersion, inForce.policyVersion);
    const policy = await this.complete(inForce.policyName, change);
    const adoptedAt = this.clock.now();
    const policyVersion = expectedVersion + 1;
    const reference = { policyName: policy.policyName, policyVersion };
    const isAdopted = await this.transactions.run(async (unit) => {
      if (!(await this.policies.adoptNext(unit, expectedVersion, { policy, adoptedAt, adoptedBy, reason }))) return false;
      await unit.emit(topics.policyChanged, {
        subject: policy.policyName,
        data: { ...reference, policy, changedBy: adoptedBy, reason },
        cause: `adopt-policy:${policy.policyName}:${policyVersion}`,
      });
      return true;
    });
    if (!isAdopted) throw conflict(expectedVersion, (await this.policies.find())?.policyVersion ?? policyVersion);
    return { ...reference, adoptedAt: adoptedAt.toISOString(), adoptedBy, policy, reason };
  }

  private async complete(policyName: string, { policy }: PolicyChange): Promise<Policy> {
    const { artefacts, tables } = this;
    const rows = await readAmounts({ artefacts, tables, manifest: this.champion.get().manifest }, policy.amountAwareCost?.amountField ?? null);
    try {
      return completePolicy(policyName, policy, rows);
    } catch (error) {
      if (!(error instanceof PolicyError) || error.code !== 'no-amount') throw error;
      const message = {
        fr: 'Les prêts passés n’ont pas de quoi connaître l’emprunteur moyen : il faut des montants avec les deux issues.',
        en: 'The past loans do not tell the average borrower: amounts with both outcomes are needed.',
      };
      throw new RejectedError('policy-invalid', message, [{ field: 'policy.amountAwareCost', code: error.code, message }]);
    }
  }
}

const conflict = (expectedVersion: number, policyVersion: number): RejectedError =>
  new RejectedError('policy-conflict', {
    fr: `Le changement part de la version ${expectedVersion}, mais la version ${policyVersion} est en vigueur : relisez-la, puis recommencez.`,
    en: `The change starts from version ${expectedVersion}, but version ${policyVersion} is in force: read it, then start again.`,
  });
