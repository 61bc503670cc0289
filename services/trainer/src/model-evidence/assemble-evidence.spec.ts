import { evidenceGroupFloor, modelEvidenceSchema } from '@lisible/contracts';
import { brierScore, homeCreditLender, ks, logLoss, rocAuc } from '@lisible/credit';
import { makeUpInputs } from '../../testing/made-up-studies.ts';
import { assembleEvidence } from './assemble-evidence.ts';
import { checkClaims } from './check-claims.ts';

describe('assembleEvidence', () => {
  const inputs = makeUpInputs();
  const evidence = assembleEvidence(inputs);
  const served = inputs.studies.candidates.find(({ isServed }) => isServed)!;

  it('comes back from JSON as it was, well under its size', () => {
    const text = JSON.stringify(evidence);
    expect(modelEvidenceSchema.parse(JSON.parse(text))).toEqual(evidence);
    expect(text.length).toBeLessThan(500_000);
  });

  it('is the same for the same studies', () => {
    expect(JSON.stringify(assembleEvidence(inputs))).toBe(JSON.stringify(evidence));
  });

  it('measures the served model’s out-of-fold estimates by the house’s statistics', () => {
    const { labels } = inputs;
    expect(evidence.discrimination.rocAuc.value).toBe(rocAuc(labels, served.margins));
    expect(evidence.discrimination.ks).toBeCloseTo(ks(labels, served.probabilities), 12);
    expect(evidence.calibration.brier.score).toBe(brierScore(labels, served.probabilities));
    const { score, reliability, resolution, uncertainty, within } = evidence.calibration.brier;
    expect(reliability - resolution + uncertainty + within).toBeCloseTo(score, 12);
    expect(evidence.candidates.find(({ isServed }) => isServed)?.logLoss).toBe(logLoss(labels, served.probabilities));
    expect(evidence.discrimination.deciles.reduce((sum, { defaulted }) => sum + defaulted, 0)).toBeCloseTo(evidence.sample.defaulted, 9);
    expect(evidence.discrimination.deciles.at(-1)?.cumulativeCapture).toBeCloseTo(1, 12);
  });

  it('places every row in one outcome of the policy, and knows what each rule decided', () => {
    const { proposals, decisions, rules } = evidence.policyEffect;
    expect(proposals.approved.rows + proposals.declined.rows).toBe(evidence.sample.rows);
    expect(decisions!.approved.rows + decisions!.referred.rows + decisions!.declined.rows).toBe(evidence.sample.rows);
    const declared = inputs.policy.rules.filter(({ condition }) => condition.input === 'annuityToIncome').map(({ code }) => code);
    const met = rules.filter(({ code }) => declared.includes(code));
    expect(Math.max(...met.map(({ rows }) => rows!))).toBeGreaterThan(0);
    const unread = assembleEvidence({ ...inputs, policyInputs: null }).policyEffect;
    expect(unread.decisions).toBeNull();
    expect(unread.rules.every(({ rows, decisive }) => rows === null && decisive === null)).toBe(true);
  });

  it('shows no group under the floor of rows, and counts whom it does not show', () => {
    const [sex] = evidence.fairness;
    expect(sex!.groups.every(({ rows }) => rows >= evidenceGroupFloor)).toBe(true);
    const groupOfRow = inputs.studies.protectedAttributes[0]!.groupOfRow.map((group, row) => (row < 15 ? 2 : group));
    const withFew = assembleEvidence({
      ...inputs,
      studies: {
        ...inputs.studies,
        protectedAttributes: inputs.studies.protectedAttributes.map((attribute) => ({
          ...attribute,
          groups: [...attribute.groups, { group: 'few', label: { fr: 'peu', en: 'few' }, rows: 15 }],
          groupOfRow,
        })),
      },
    });
    expect(withFew.fairness[0]!.groups.map(({ group }) => group)).not.toContain('few');
    expect(JSON.stringify(withFew)).not.toContain('"few"');
    const shown = withFew.fairness[0]!.groups.reduce((sum, { rows }) => sum + rows, 0);
    expect(withFew.fairness[0]!.rowsNotShown).toBe(evidence.sample.rows - shown);
    expect(withFew.fairness[0]!.rowsNotShown).toBeGreaterThanOrEqual(15);
    for (const { bins } of evidence.dependence) expect(bins.every(({ rows }) => rows >= evidenceGroupFloor)).toBe(true);
  });

  it('says why time cannot be measured, and measures it by month where it can', () => {
    expect(evidence.stability.months).toBeNull();
    expect(evidence.notMeasured.map(({ study }) => study)).toContain('time');
    const spread = assembleEvidence(makeUpInputs({ days: 120 }));
    expect(spread.stability.months!.map(({ month }) => month)).toEqual(['2026-01', '2026-02', '2026-03', '2026-04', '2026-05']);
    expect(spread.stability.months!.reduce((sum, { rows }) => sum + rows, 0)).toBe(spread.sample.rows);
    expect(spread.notMeasured.map(({ study }) => study)).not.toContain('time');
  });

  it('speaks for no real client of a drawn population, and with the lender’s words of its own', () => {
    const real = assembleEvidence({ ...inputs, about: homeCreditLender.about });
    expect(real.dataSheet.words).toEqual(homeCreditLender.about.statements);
    expect(real.checks.map(({ code }) => code)).toContain('plausible-roc-auc');
    const drawn = assembleEvidence({ ...inputs, about: homeCreditLender.about, snapshot: { ...inputs.snapshot, source: 'synthetic' } });
    expect(JSON.stringify(drawn.dataSheet.words)).toContain('ne doit décider d’aucun crédit');
    expect(drawn.leakChecks.plausibleRocAuc).toBeNull();
  });

  it('refuses studies without a served model', () => {
    const candidates = inputs.studies.candidates.map((candidate) => ({ ...candidate, isServed: false }));
    expect(() => assembleEvidence({ ...inputs, studies: { ...inputs.studies, candidates } })).toThrow(RangeError);
  });

  describe('claims', () => {
    const slopeStatus = (slope: { value: number; lower: number; upper: number }) =>
      checkClaims({ ...evidence, calibration: { ...evidence.calibration, slope } }).find(({ code }) => code === 'calibration-slope')!.status;

    it('are within, left open on either side, or outside, by value and interval', () => {
      expect(slopeStatus({ value: 1, lower: 0.96, upper: 1.04 })).toBe('within');
      expect(slopeStatus({ value: 1, lower: 0.9, upper: 1.1 })).toBe('within-uncertain');
      expect(slopeStatus({ value: 0.94, lower: 0.9, upper: 0.98 })).toBe('outside-uncertain');
      expect(slopeStatus({ value: 1.06, lower: 1.02, upper: 1.1 })).toBe('outside-uncertain');
      expect(slopeStatus({ value: 0.9, lower: 0.87, upper: 0.93 })).toBe('outside');
      expect(slopeStatus({ value: 1.2, lower: 1.1, upper: 1.3 })).toBe('outside');
    });

    it('name the least favoured group, not the average one', () => {
      const ratios = evidence.fairness[0]!.groups.flatMap(({ approvalRatio }) => approvalRatio?.value ?? []);
      const check = evidence.checks.find(({ code }) => code === 'approval-ratio')!;
      expect(check.measured!.value).toBe(Math.min(...ratios));
    });

    it('say outside where the scorecard ranks better than the served model', () => {
      const candidates = evidence.candidates.map((candidate) =>
        candidate.name === 'scorecard' ? { ...candidate, rocAucChange: { value: 0.02, lower: 0.01, upper: 0.03 } } : candidate,
      );
      expect(checkClaims({ ...evidence, candidates }).find(({ code }) => code === 'beats-scorecard')!.status).toBe('outside');
    });
  });
});
