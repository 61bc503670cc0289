import { artefactKeys, modelFiles, modelManifestSchema, portfolioBins, populationSnapshotSchema, snapshotFiles } from '@lisible/contracts';
import type { ModelEvidence, ModelManifest, PastLoansPortfolio, Policy } from '@lisible/contracts';
import { canonicalJson, wilsonInterval } from '@lisible/credit';
import type { PolicyInputs } from '@lisible/credit';
import { ARTEFACTS, DATABASE, LOG, TABLES, TransientError } from '@lisible/platform';
import type { ArtefactStore, EventLog, TableReader } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { measurePolicy } from '../model-evidence/measure-policy.ts';
import { EvidenceError, readEvidence } from '../model-evidence/read-evidence.ts';
import { findChampion } from '../promote-model/promote-model.ts';
import type { TrainerTables } from '../registry-tables.ts';
import { edgesOf } from './describe-decided.ts';

const binRowSchema = z.object({ bin: z.number().int(), repaid: z.number().int(), defaulted: z.number().int() });
const loanRowSchema = z.object({
  probabilityOfDefault: z.number(),
  defaulted: z.union([z.literal(0), z.literal(1)]),
  amount: z.number().nullable(),
});

/**
 * Loans whose outcome is known, by the champion's out-of-fold estimates. What the model's evidence holds is told from there; the rest is
 * read from the estimates once for each model and policy.
 */
@Injectable()
export class PastLoans {
  #known: { readonly key: string; readonly answer: Promise<PastLoansPortfolio> } | null = null;

  constructor(
    @Inject(DATABASE) private readonly database: Kysely<TrainerTables>,
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(TABLES) private readonly tables: TableReader,
    @Inject(LOG) private readonly log: EventLog,
  ) {}

  /** @param policy the one in force, which scoring owns. @throws TransientError `no-model` */
  async read(policy: Policy): Promise<PastLoansPortfolio> {
    const champion = await findChampion(this.database);
    if (champion === undefined) throw noModel();
    const key = canonicalJson({ modelVersion: champion.model_version, policy });
    if (this.#known?.key === key) return this.#known.answer;
    const known = { key, answer: this.measure(champion.model_version, policy) };
    this.#known = known;
    // What could not be read is read again by whoever asks next.
    known.answer.catch(() => {
      if (this.#known === known) this.#known = null;
    });
    return known.answer;
  }

  private async measure(modelVersion: string, policy: Policy): Promise<PastLoansPortfolio> {
    const manifest = modelManifestSchema.parse(parseJson(await this.artefacts.read(artefactKeys.model(modelVersion, modelFiles.manifest))));
    const snapshot = populationSnapshotSchema.parse(
      parseJson(await this.artefacts.read(artefactKeys.snapshot(manifest.snapshotId, snapshotFiles.snapshot))),
    );
    const evidence = await this.findEvidence(modelVersion);
    const bins = await this.countBins(manifest);
    const rows = bins.reduce((sum, bin) => sum + bin.repaid + bin.defaulted, 0);
    const defaulted = bins.reduce((sum, bin) => sum + bin.defaulted, 0);
    const byBin = new Map(bins.map((bin) => [bin.bin, bin]));
    return {
      modelVersion,
      asOf: snapshot.asOf,
      rows,
      defaulted,
      defaultRate: wilsonInterval(defaulted, rows),
      distribution: Array.from({ length: Math.max(...byBin.keys()) + 1 }, (_, bin) => ({
        ...edgesOf(bin),
        repaid: byBin.get(bin)?.repaid ?? 0,
        defaulted: byBin.get(bin)?.defaulted ?? 0,
      })),
      deciles: evidence?.discrimination.deciles ?? null,
      underPolicy: await this.applyPolicy(manifest, evidence, policy),
    };
  }

  /** A model without evidence, or with a damaged one, has loans all the same. */
  private async findEvidence(modelVersion: string): Promise<ModelEvidence | null> {
    try {
      return (await readEvidence(this.artefacts, modelVersion)).evidence;
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      if (error.code !== 'no-evidence') this.log.warn({ modelVersion, code: error.code }, 'the portfolio is told without the evidence');
      return null;
    }
  }

  private async countBins(manifest: ModelManifest): Promise<readonly z.infer<typeof binRowSchema>[]> {
    const rows = await this.tables.query(
      `select least(floor(e."probabilityOfDefault" * ${portfolioBins}), ${portfolioBins - 1})::int as bin,
              count(*) filter (a.defaulted = 0)::int as repaid, count(*) filter (a.defaulted = 1)::int as defaulted
       ${pastLoans} group by 1`,
      await this.pathsOf(manifest),
    );
    return binRowSchema.array().parse(rows);
  }

  /** With rules where the model's evidence measured this very policy; else by threshold and grey zone, since what rules read is not kept of past loans. */
  private async applyPolicy(manifest: ModelManifest, evidence: ModelEvidence | null, policy: Policy): Promise<PastLoansPortfolio['underPolicy']> {
    const measured = evidence?.policyEffect.decisions ?? null;
    if (measured !== null && isSamePolicy(policy, manifest.recommendedPolicy)) return { basis: 'rules-included', ...measured };
    const amountField = policy.amountAwareCost?.amountField ?? null;
    const amount = amountField === null ? 'null::double' : `a."${amountField.replaceAll('"', '""')}"::double`;
    const rows = await this.tables.query(
      `select e."probabilityOfDefault", a.defaulted::int as defaulted, ${amount} as amount ${pastLoans}`,
      await this.pathsOf(manifest),
    );
    const loans = loanRowSchema.array().parse(rows);
    const { decisions } = measurePolicy(
      { ...policy, rules: [] },
      Uint8Array.from(loans, ({ defaulted }) => defaulted),
      Float64Array.from(loans, ({ probabilityOfDefault }) => probabilityOfDefault),
      loans.map(({ amount: own }): PolicyInputs => (amountField === null ? {} : { [amountField]: own })),
    );
    if (decisions === null) throw new Error('decisions were not measured though their inputs were given');
    return { basis: 'estimate-alone', ...decisions };
  }

  private async pathsOf({ modelVersion, snapshotId }: ModelManifest): Promise<readonly [string, string]> {
    return [
      await this.artefacts.localPath(artefactKeys.model(modelVersion, modelFiles.estimates)),
      await this.artefacts.localPath(artefactKeys.snapshot(snapshotId, snapshotFiles.applications)),
    ];
  }
}

/** Labelled rows only: the others have no fold. */
const pastLoans = `from read_parquet($1) e join read_parquet($2) a using ("applicationId") where e.fold is not null`;

const isSamePolicy = (a: Policy, b: Policy): boolean => {
  const told = ({ amountAwareCost = null, ...policy }: Policy): string => canonicalJson({ ...policy, amountAwareCost });
  return told(a) === told(b);
};

const parseJson = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

const noModel = (): TransientError =>
  new TransientError('no-model', { fr: 'Aucun modèle n’est encore en service.', en: 'No model is in service yet.' });
