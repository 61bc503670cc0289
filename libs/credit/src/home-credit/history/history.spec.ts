import { formatFeatureValue } from '../../reasons/format-value.ts';
import { computeFeatures, tablesBehind } from '../../features/index.ts';
import { homeCredit, homeCreditCatalogue as catalogue } from '../index.ts';
import { bureauBalanceItems } from './bureau-balance.ts';
import { homeCreditHistory } from './index.ts';

const pastFeatures = catalogue.features.filter((feature) => tablesBehind(catalogue, feature).size > 0);
const featureNamed = (name: string) => catalogue.features.find((feature) => feature.name === name)!;

const application = homeCredit.toApplication({
  SK_ID_CURR: 1,
  NAME_CONTRACT_TYPE: 'Cash loans',
  AMT_CREDIT: 100_000,
  AMT_ANNUITY: 5000,
  AMT_INCOME_TOTAL: 50_000,
  DAYS_BIRTH: -12_000,
  WEEKDAY_APPR_PROCESS_START: 'MONDAY',
  HOUR_APPR_PROCESS_START: 10,
});

describe('the history of Home Credit', () => {
  it('checks only columns that it declares, each column once', () => {
    for (const { name, columns, checks } of homeCreditHistory.tables) {
      const names = columns.map((column) => column.name);
      expect(new Set(names).size).toBe(names.length);
      for (const { column, condition } of checks) {
        expect(`${name}: ${names.join(' ')}`).toContain(column);
        expect(condition).toContain(column);
      }
    }
  });

  it('refuses impossible keys and leaves out whatever has no place in the past, in every table', () => {
    for (const { checks } of homeCreditHistory.tables) {
      const treatments = new Set(checks.map(({ treatment }) => treatment));
      expect([...treatments].toSorted()).toEqual(['blank', 'leave-out', 'refuse']);
    }
  });

  it('hangs every table on a client, or on a table that hangs on one by a key that both have', () => {
    const columnsOf = (table: string) => homeCreditHistory.tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? [];
    for (const { name, clientColumn, parent } of homeCreditHistory.tables) {
      if (clientColumn !== null) expect(columnsOf(name)).toContain(clientColumn);
      else expect([columnsOf(name), columnsOf(parent!.table)].every((columns) => columns.includes(parent!.column))).toBe(true);
      // Or its rows would be counted as often as the parent is there.
      if (parent !== null) expect(homeCreditHistory.tables.find((table) => table.name === parent.table)?.key).toBe(parent.column);
    }
  });

  it('reads nothing of sex, age or family: not even who came along', () => {
    const sql = homeCreditHistory.queries.map((query) => query.sql((table) => table)).join('\n');
    const columns = homeCreditHistory.tables.flatMap((table) => table.columns.map(({ name }) => name));
    for (const text of [sql, ...columns]) expect(text).not.toMatch(/TYPE_SUITE|GENDER|BIRTH|FAM|CHILDREN/u);
    expect(pastFeatures.filter(({ isProtected }) => isProtected)).toEqual([]);
  });

  it('scans each table once a query', () => {
    for (const query of homeCreditHistory.queries) {
      const scanned: string[] = [];
      query.sql((table) => {
        scanned.push(table);
        return table;
      });
      expect(scanned.toSorted()).toEqual(query.tables.toSorted());
    }
  });

  it('says that a past event never was by a count of the same table', () => {
    for (const feature of pastFeatures) {
      for (const { feature: other, value } of feature.notApplicable ?? []) {
        const count = featureNamed(other);
        expect([count.unit, value]).toEqual(['count', 0]);
        expect([...tablesBehind(catalogue, feature)]).toEqual(expect.arrayContaining([...tablesBehind(catalogue, count)]));
      }
    }
    for (const { field, feature } of bureauBalanceItems) expect(feature.derivedFrom).toEqual([field.name]);
  });

  it('elides in French, and keeps English out of it', () => {
    for (const { label, definition, sentences } of pastFeatures) {
      for (const text of [label, definition, ...Object.values(sentences)]) {
        expect(text.fr).not.toMatch(/(?<![\p{L}’])(?:de|le|la|que|ne|se|je) [aeiouyéèêàâîôû]/u);
        expect(text.fr).not.toMatch(/\b(?:the|of|credits)\b/u);
        expect(text.en).not.toMatch(/[éèêàç]|\b(?:le|les|des)\b/u);
      }
    }
  });

  it('says every number with its unit, signs and months as a person would', () => {
    const written = (name: string, value: number) => formatFeatureValue(featureNamed(name).format, value, 'EUR').text.fr.replaceAll(/\s/gu, ' ');
    expect(written('bureauYearsSinceLastCredit', 0.25)).toBe('3 mois');
    expect(written('bureauNewCreditsTrend', -2)).toBe('−2');
    expect(written('instalmentsLateShare', 0.125)).toBe('12,5 %');
    expect(written('instalmentsMaxDaysLate', 31)).toBe('31 jours');
    expect(written('pastLastApplicationRefused', 1)).toBe('oui');
    expect(written('bureauActiveDebtAmount', 1500)).toBe('1 500 €');
  });

  it('is missing where a client has no past, and stands beside the application where there is one', () => {
    const without = computeFeatures(catalogue, application);
    for (const { name } of pastFeatures) expect([name, without[name]]).toEqual([name, null]);
    const past = { bureauActiveDebtAmount: 25_000, bureauAnnuityAmount: 2500, pastLargestGrantedAmount: 50_000, pastRefusedCount: 3 };
    const withPast = computeFeatures(catalogue, application, past);
    expect(withPast['pastRefusedCount']).toBe(3);
    expect(withPast['bureauDebtToIncome']).toBe(0.5);
    expect(withPast['creditToLargestPastCredit']).toBe(2);
    expect(withPast['allAnnuitiesToIncome']).toBeCloseTo(0.15, 6);
    expect(withPast['pastRefusedShare']).toBeNull();
  });

  it('gives a late payment, a refusal and a debt the direction that credit sense demands', () => {
    const expectedOf = (name: string): string | null => {
      if (/YearsSince.*(?:Late|Refusal)/u.test(name)) return 'decreases-risk';
      return /Late|Overdue|PastDue|Refused|Shortfall|Utilisation|Debt(?!ToCreditAmount)/u.test(name) ? 'increases-risk' : null;
    };
    const demanded = pastFeatures.filter(({ name }) => expectedOf(name) !== null);
    expect(demanded.length).toBeGreaterThan(50);
    expect(demanded.filter(({ name, monotoneDirection }) => monotoneDirection !== expectedOf(name)).map(({ name }) => name)).toEqual([]);
  });
});
