import { reasonCodeSchema, type FeatureValues } from '@lisible/contracts';
import * as fc from 'fast-check';
import type { Catalogue, FeatureDefinition, ValueFormat } from '../catalogue/index.ts';
import { formatFeatureValue, writeReasons } from './index.ts';

const feature = (name: string, reasonCode: string, format: Partial<ValueFormat> = {}): FeatureDefinition => ({
  name,
  label: { fr: `Libellé ${name}`, en: `Label ${name}` },
  definition: { fr: 'd', en: 'd' },
  theme: 'work',
  unit: 'none',
  derivedFrom: [],
  reasonCode,
  isProtected: false,
  monotoneDirection: null,
  format: { kind: 'number', decimals: 2, categories: null, ...format },
  sentences: {
    higher: { fr: `${name} : {value}, plus que {typical}.`, en: `${name}: {value}, more than {typical}.` },
    lower: { fr: `${name} : {value}, moins que {typical}.`, en: `${name}: {value}, less than {typical}.` },
    same: { fr: `${name} : {value}, comme d’habitude.`, en: `${name}: {value}, as usual.` },
    missing: { fr: `${name} : absent, {typical} d’habitude.`, en: `${name}: absent, usually {typical}.` },
  },
  compute: (value = 0) => value,
});

const groups = ['SCORES', 'INCOME', 'WORK', 'HOME', 'LOAN', 'CAR'];
/** Two features a group: SCORES_a, SCORES_b, … */
const features = groups.flatMap((code) => [feature(`${code}_a`, code), feature(`${code}_b`, code)]);
const catalogue: Catalogue = {
  name: 'test',
  version: '1',
  themes: [],
  fields: [],
  historyFields: [],
  features,
  reasonGroups: groups.map((code) => ({ code, label: { fr: `Motif ${code}`, en: `Reason ${code}` } })),
  policyInputs: [],
  displayNameFields: [],
  missingMarkers: [],
};
const featureNames = features.map(({ name }) => name);
const everyValue = (value: number | null): FeatureValues => Object.fromEntries(featureNames.map((name) => [name, value]));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const write = (shapValues: readonly number[], overrides: Partial<Parameters<typeof writeReasons>[0]> = {}) => {
  const baseValue = overrides.baseValue ?? -2.3;
  const total = shapValues.reduce((sum, value) => sum + value, 0);
  return writeReasons({
    catalogue,
    featureNames,
    shapValues,
    baseValue,
    features: everyValue(1),
    typicalValues: everyValue(2),
    probabilityOfDefault: sigmoid(baseValue + total),
    proposal: 'declined',
    ...overrides,
  });
};

const shapValue = fc.double({ min: -2, max: 2, noNaN: true });
const attributions = fc.array(shapValue, { minLength: featureNames.length, maxLength: featureNames.length });
const proposals = fc.constantFrom('approved' as const, 'declined' as const);

describe('points', () => {
  it('of all reasons and the others add up to the distance from the reference', () => {
    fc.assert(
      fc.property(attributions, fc.double({ min: -5, max: 2, noNaN: true }), proposals, (shapValues, baseValue, proposal) => {
        const total = shapValues.reduce((sum, value) => sum + value, 0);
        const { reasonCodes, others } = write(shapValues, { baseValue, proposal });
        const distance = (sigmoid(baseValue + total) - sigmoid(baseValue)) * 100;
        const points = reasonCodes.reduce((sum, reason) => sum + reason.points, others.points);
        const shapSum = reasonCodes.reduce((sum, reason) => sum + reason.shapValue, others.shapValue);
        expect(Math.abs(points - distance)).toBeLessThanOrEqual(1e-9);
        expect(Math.abs(shapSum - total)).toBeLessThanOrEqual(1e-9);
        // The rest is scaled like the reasons, not a bin for what does not add up.
        for (const reason of reasonCodes) expect(others.points * reason.shapValue).toBeCloseTo(others.shapValue * reason.points, 7);
      }),
    );
  });

  it('have the sign of the attribution and stay finite when all attributions cancel', () => {
    for (const rest of [0, 1e-300, 1e-12, -1e-9]) {
      const shapValues = [1, 0, -1, 0, rest, 0, 0, 0, 0, 0, 0, 0];
      const { reasonCodes } = write(shapValues, { proposal: 'approved' });
      const slope = sigmoid(-2.3) * (1 - sigmoid(-2.3)) * 100;
      expect(reasonCodes[0]?.points).toBeCloseTo(slope, 6);
      expect(reasonCodes.at(-1)?.points).toBeCloseTo(-slope, 6);
    }
  });

  it('stay finite for margins beyond what a probability can hold', () => {
    for (const [extreme, distance] of [
      [800, (1 - sigmoid(-2.3)) * 100],
      [-800, -sigmoid(-2.3) * 100],
    ] as const) {
      const { reasonCodes } = write([extreme, ...featureNames.slice(1).map(() => 0)], { proposal: 'approved' });
      expect(reasonCodes.map(({ points }) => points)).toEqual([expect.closeTo(distance, 9)]);
    }
  });
});

describe('choice and order', () => {
  it('at most four, most harmful first, each a whole group, ranks from 1', () => {
    fc.assert(
      fc.property(attributions, proposals, (shapValues, proposal) => {
        const { reasonCodes, others } = write(shapValues, { proposal });
        expect(reasonCodes.length).toBeLessThanOrEqual(4);
        expect(reasonCodes.map(({ rank }) => rank)).toEqual(reasonCodes.map((_, index) => index + 1));
        expect(reasonCodes.map((reason) => reason.shapValue)).toEqual(reasonCodes.map((reason) => reason.shapValue).toSorted((a, b) => b - a));
        for (const reason of reasonCodes) {
          const index = groups.indexOf(reason.code) * 2;
          expect(reason.shapValue).toBe((shapValues[index] ?? 0) + (shapValues[index + 1] ?? 0));
          expect(reason.direction).toBe(reason.shapValue > 0 ? 'increases-risk' : 'decreases-risk');
          expect(() => reasonCodeSchema.parse(reason)).not.toThrow();
        }
        expect(others.features).toBe(featureNames.length - 2 * reasonCodes.length);
      }),
    );
  });

  it('a refusal names the most harmful groups and nothing that spoke for the client', () => {
    const { reasonCodes } = write([0.1, 0.1, -3, 0, 0.5, 0, 0.3, 0, 0.4, 0, 0.05, 0]);
    expect(reasonCodes.map(({ code }) => code)).toEqual(['WORK', 'LOAN', 'HOME', 'SCORES']);
  });

  it('an approval names the weightiest groups, either way', () => {
    const { reasonCodes } = write([0.1, 0.1, -3, 0, 0.5, 0, -0.3, 0, 0.4, 0, 0.05, 0], { proposal: 'approved' });
    expect(reasonCodes.map(({ code }) => code)).toEqual(['WORK', 'LOAN', 'HOME', 'INCOME']);
  });

  it('shows the feature that weighs most towards the group’s own side', () => {
    const { reasonCodes } = write([-0.6, 0.7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(reasonCodes[0]?.feature).toBe('SCORES_b');
    const opposed = write([-0.5, 0.4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], { proposal: 'approved' });
    expect(opposed.reasonCodes[0]?.feature).toBe('SCORES_a');
  });

  it('no attribution at all gives no reason', () => {
    expect(write(featureNames.map(() => 0))).toEqual({ reasonCodes: [], others: { shapValue: 0, points: expect.closeTo(0, 12), features: 12 } });
  });
});

describe('sentences', () => {
  const one = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const statementOf = (clientValues: FeatureValues, typicalValues: FeatureValues, shapValues = one, proposal: 'approved' | 'declined' = 'declined') =>
    write(shapValues, { features: clientValues, typicalValues, proposal }).reasonCodes[0]?.statement;

  it('compare the client’s value with the typical one, and say that the model estimates', () => {
    expect(statementOf({ SCORES_a: 1.5 }, { SCORES_a: 0.25 })).toEqual({
      fr: 'SCORES_a : 1,5, plus que 0,25. Le modèle estime que cela augmente le risque.',
      en: 'SCORES_a: 1.5, more than 0.25. The model estimates that this increases the risk.',
    });
    expect(statementOf({ SCORES_a: 0 }, { SCORES_a: 0.25 }, [-1, ...one.slice(1)], 'approved')).toEqual({
      fr: 'SCORES_a : 0, moins que 0,25. Le modèle estime que cela diminue le risque.',
      en: 'SCORES_a: 0, less than 0.25. The model estimates that this decreases the risk.',
    });
  });

  it('call two values that read the same the same', () => {
    expect(statementOf({ SCORES_a: 0.251 }, { SCORES_a: 0.249 })?.en).toContain('SCORES_a: 0.25, as usual.');
  });

  it('have words for what is missing on either side', () => {
    expect(statementOf({ SCORES_a: null }, { SCORES_a: 2 })?.fr).toContain('SCORES_a : absent, 2 d’habitude.');
    expect(statementOf({ SCORES_a: 3 }, { SCORES_a: null })?.fr).toContain('Libellé SCORES_a : 3, une information le plus souvent absente');
    expect(statementOf({}, {})?.en).toContain('Label SCORES_a: not provided, as is most common');
    const [reason] = write(one, { features: {}, typicalValues: {} }).reasonCodes;
    expect(reason?.value).toEqual({ raw: null, text: { fr: 'non renseigné', en: 'not provided' } });
  });

  it('say that a feature does not apply rather than that it is missing', () => {
    const owned = { fr: 'Le client n’en possède pas.', en: 'The client has none.' };
    const conditional = {
      ...catalogue,
      features: features.map((f) => (f.name === 'SCORES_a' ? { ...f, notApplicable: [{ feature: 'CAR_a', value: 0, statement: owned }] } : f)),
    };
    const reasonFor = (clientValues: FeatureValues) =>
      write(one, { catalogue: conditional, features: clientValues, typicalValues: everyValue(2) }).reasonCodes[0];
    const reason = reasonFor({ SCORES_a: null, CAR_a: 0 });
    expect(reason?.statement.fr).toBe('Le client n’en possède pas. Le modèle estime que cela augmente le risque.');
    expect(reason?.value).toEqual({ raw: null, text: { fr: 'sans objet', en: 'not applicable' } });
    expect(reasonFor({ SCORES_a: null, CAR_a: 1 })?.statement.en).toContain('SCORES_a: absent');
    expect(reasonFor({ SCORES_a: 3, CAR_a: 0 })?.statement.en).toContain('SCORES_a: 3, more than 2');
  });

  it('leave no placeholder behind, even when a value looks like one', () => {
    const named = {
      ...catalogue,
      features: features.map((f) => ({
        ...f,
        format: { kind: 'category' as const, decimals: 0, categories: [{ value: 'x', label: { fr: '{typical} $& ', en: '{value}' } }] },
      })),
    };
    const [reason] = write(one, { catalogue: named, features: everyValue(0), typicalValues: everyValue(null) }).reasonCodes;
    expect(reason?.statement.fr).toContain('{typical} $& ');
  });
});

describe('values', () => {
  const format = (kind: ValueFormat['kind'], decimals = 0, categories: ValueFormat['categories'] = null): ValueFormat => ({
    kind,
    decimals,
    categories,
  });
  /** French separates thousands and units with narrow and no-break spaces. */
  const plain = ({ fr, en }: { fr: string; en: string }) => ({
    fr: fr.replaceAll(/[\u202f\u00a0]/g, ' '),
    en: en.replaceAll(/[\u202f\u00a0]/g, ' '),
  });

  it.each([
    [format('currency'), 1202500, 'EUR', { fr: '1 202 500 €', en: '€1,202,500' }],
    [format('currency'), 1202500, null, { fr: '1 202 500', en: '1,202,500' }],
    [format('share', 1), 0.1634, null, { fr: '16,3 %', en: '16.3%' }],
    [format('years', 1), 4.56, null, { fr: '4,6 ans', en: '4.6 years' }],
    [format('years', 0), 1, null, { fr: '1 an', en: '1 year' }],
    [format('years', 1), 0.6, null, { fr: '7 mois', en: '7 months' }],
    [format('years', 1), 0.02, null, { fr: '7 jours', en: '7 days' }],
    [format('years', 1), 0, null, { fr: '0 jour', en: '0 days' }],
    [format('months', 0), 3, null, { fr: '3 mois', en: '3 months' }],
    [format('days', 0), 450, null, { fr: '450 jours', en: '450 days' }],
    [format('hour', 0), 14, null, { fr: '14 h', en: '14:00' }],
    [format('integer', 0), 2, null, { fr: '2', en: '2' }],
    [format('number', 2), -0.0001, null, { fr: '0', en: '0' }],
    [format('score', 2), 0.5, null, { fr: '0,50', en: '0.50' }],
    [format('score', 2), 0.0004, null, { fr: '0,00', en: '0.00' }],
    [format('number', 2), -1.5, null, { fr: '−1,5', en: '−1.5' }],
  ] as const)('%j of %d', (valueFormat, value, currency, text) => {
    expect(plain(formatFeatureValue(valueFormat, value, currency).text)).toEqual(text);
  });

  it('yes and no, and categories by their label', () => {
    expect(formatFeatureValue(format('boolean'), 1, null)).toEqual({ raw: true, text: { fr: 'oui', en: 'yes' } });
    expect(formatFeatureValue(format('boolean'), 0, null)).toEqual({ raw: false, text: { fr: 'non', en: 'no' } });
    const categories = [{ value: 'rented', label: { fr: 'location', en: 'rented' } }];
    expect(formatFeatureValue(format('category', 0, categories), 0, null)).toEqual({ raw: 'rented', text: { fr: 'location', en: 'rented' } });
    expect(formatFeatureValue(format('number'), Number.NaN, null).raw).toBeNull();
  });
});

describe('bad input', () => {
  it.each([
    ['lengths-differ', { featureNames: featureNames.slice(1) }],
    ['feature-unknown', { featureNames: ['unheard-of', ...featureNames.slice(1)] }],
    ['attribution-not-finite', { shapValues: featureNames.map(() => Number.NaN) }],
    ['reason-group-unknown', { catalogue: { ...catalogue, reasonGroups: [] } }],
  ] as const)('%s', (code, overrides) => {
    expect(() =>
      write(
        featureNames.map(() => 0.1),
        overrides,
      ),
    ).toThrow(expect.objectContaining({ name: 'ReasonsError', code }));
  });
});
