import { getLender, rocAuc } from '@lisible/credit';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { historyColumns, historyTableNames, type HistoryTableName } from './columns.ts';
import { generatePopulation, type GeneratedPopulation } from './index.ts';

/** A table by columns; empty cells are NaN in `numbers`. */
interface Table {
  readonly header: readonly string[];
  readonly count: number;
  words(name: string): readonly string[];
  numbers(name: string): Float64Array;
}

const unquoted = (line: string): string =>
  line.includes('"') ? line.replace(/"([^"]*)"/g, (_, quoted: string) => quoted.replaceAll(',', ';')) : line;

const toTable = (lines: readonly string[]): Table => {
  const header = lines[0]?.split(',') ?? [];
  const rows = lines.slice(1).map(unquoted);
  const known = new Map<string, Float64Array>();
  const cells = function* (name: string): Generator<string> {
    const index = header.indexOf(name);
    if (index < 0) throw new Error(`no column ${name}`);
    for (const row of rows) yield row.split(',', index + 1)[index] ?? '';
  };
  return {
    header,
    count: rows.length,
    words: (name) => [...cells(name)],
    numbers: (name) => {
      let column = known.get(name);
      if (column === undefined) {
        column = new Float64Array(rows.length);
        let row = 0;
        for (const cell of cells(name)) column[row++] = cell === '' ? NaN : Number(cell);
        known.set(name, column);
      }
      return column;
    },
  };
};

const mean = (values: Iterable<number>): number => {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
};
const shareOf = (values: readonly string[], word: string): number => values.filter((value) => value === word).length / values.length;
const missing = (values: Float64Array): number => mean(Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0)));
const median = (values: Float64Array): number => {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted();
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};
/** Values of `of` by key. */
const byKey = <Value>(keys: ArrayLike<number>, of: (row: number) => Value): Map<number, Value> => {
  const found = new Map<number, Value>();
  for (let row = 0; row < keys.length; row++) found.set(keys[row] ?? NaN, of(row));
  return found;
};

let outDir: string;
let made: GeneratedPopulation;
const tables = {} as Record<HistoryTableName | 'application_train' | 'application_test', Table>;

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'lisible-history-'));
  made = await generatePopulation({ seed: 42, labelled: 3_000, unlabelled: 200, outDir, tables: 'all', workers: 0 });
  for (const name of ['application_train', 'application_test', ...historyTableNames] as const) {
    tables[name] = toTable((await readFile(join(outDir, `${name}.csv`), 'utf8')).trimEnd().split('\n'));
  }
}, 120_000);
afterAll(() => rm(outDir, { recursive: true, force: true }));

describe('keys', () => {
  const keysOf = (name: HistoryTableName, column: string): Set<number> => new Set(tables[name].numbers(column));

  it('resolve in every table', () => {
    const clients = new Set([...tables.application_train.numbers('SK_ID_CURR'), ...tables.application_test.numbers('SK_ID_CURR')]);
    for (const name of historyTableNames) {
      if (name === 'bureau_balance') continue;
      expect([name, [...keysOf(name, 'SK_ID_CURR')].every((key) => clients.has(key))]).toEqual([name, true]);
    }
    const credits = keysOf('bureau', 'SK_ID_BUREAU');
    expect([...keysOf('bureau_balance', 'SK_ID_BUREAU')].every((key) => credits.has(key))).toBe(true);
  });

  it('name one credit and one request each, of one client', () => {
    expect(keysOf('bureau', 'SK_ID_BUREAU').size).toBe(tables.bureau.count);
    expect(keysOf('previous_application', 'SK_ID_PREV').size).toBe(tables.previous_application.count);
    const owners = byKey(tables.previous_application.numbers('SK_ID_PREV'), (row) => row);
    const clients = tables.previous_application.numbers('SK_ID_CURR');
    for (const name of ['POS_CASH_balance', 'installments_payments', 'credit_card_balance'] as const) {
      const prev = tables[name].numbers('SK_ID_PREV');
      const curr = tables[name].numbers('SK_ID_CURR');
      expect([name, prev.every((key, row) => clients[owners.get(key) ?? -1] === curr[row])]).toEqual([name, true]);
    }
  });

  it('of loans and cards lead to approved requests of their kind', () => {
    const status = tables.previous_application.words('NAME_CONTRACT_STATUS');
    const kind = tables.previous_application.words('NAME_CONTRACT_TYPE');
    const requests = byKey(tables.previous_application.numbers('SK_ID_PREV'), (row) => `${status[row] ?? ''} ${kind[row] ?? ''}`);
    const found = (name: HistoryTableName): Set<string | undefined> => new Set([...keysOf(name, 'SK_ID_PREV')].map((key) => requests.get(key)));
    expect(found('POS_CASH_balance')).toEqual(new Set(['Approved Consumer loans', 'Approved Cash loans']));
    expect(found('credit_card_balance')).toEqual(new Set(['Approved Revolving loans']));
    expect(found('installments_payments')).toEqual(new Set(['Approved Consumer loans', 'Approved Cash loans', 'Approved Revolving loans']));
  });

  it('leave some clients without any past', () => {
    const clients = tables.application_train.numbers('SK_ID_CURR');
    const withCredits = keysOf('bureau', 'SK_ID_CURR');
    const withRequests = keysOf('previous_application', 'SK_ID_CURR');
    const without = (known: Set<number>): number => mean(Array.from(clients, (client) => (known.has(client) ? 0 : 1)));
    expect(without(withCredits)).toBeCloseTo(0.134, 1);
    expect(without(withRequests)).toBeGreaterThan(0.02);
    expect([...clients].some((client) => !withCredits.has(client) && !withRequests.has(client))).toBe(true);
  });
});

describe('time', () => {
  it('lies behind the application, and within the life of the credit', () => {
    const opened = byKey(tables.bureau.numbers('SK_ID_BUREAU'), (row) => row);
    const openedDays = tables.bureau.numbers('DAYS_CREDIT');
    const endedDays = tables.bureau.numbers('DAYS_ENDDATE_FACT');
    expect(openedDays.every((day) => day < 0)).toBe(true);
    expect(endedDays.every((day, row) => Number.isNaN(day) || (day <= 0 && day >= (openedDays[row] ?? 0)))).toBe(true);
    const credits = tables.bureau_balance.numbers('SK_ID_BUREAU');
    const months = tables.bureau_balance.numbers('MONTHS_BALANCE');
    expect(
      months.every((month, row) => month <= 0 && month >= -96 && month >= (openedDays[opened.get(credits[row] ?? NaN) ?? -1] ?? 0) / 30.4375 - 1),
    ).toBe(true);
    const decisions = byKey(tables.previous_application.numbers('SK_ID_PREV'), (row) => row);
    const decisionDays = tables.previous_application.numbers('DAYS_DECISION');
    for (const name of ['POS_CASH_balance', 'credit_card_balance'] as const) {
      const keys = tables[name].numbers('SK_ID_PREV');
      const at = tables[name].numbers('MONTHS_BALANCE');
      expect([
        name,
        at.every((month, row) => month <= -1 && month >= (decisionDays[decisions.get(keys[row] ?? NaN) ?? -1] ?? 0) / 30.4375 - 1),
      ]).toEqual([name, true]);
    }
    const paid = tables.installments_payments.numbers('DAYS_ENTRY_PAYMENT');
    const due = tables.installments_payments.numbers('DAYS_INSTALMENT');
    expect(due.every((day) => day < 0)).toBe(true);
    expect(paid.every((day) => Number.isNaN(day) || day < 0)).toBe(true);
  });

  it('brings instalments no further than the term, a month apart', () => {
    const requests = byKey(tables.previous_application.numbers('SK_ID_PREV'), (row) => row);
    const terms = tables.previous_application.numbers('CNT_PAYMENT');
    const firstDue = tables.previous_application.numbers('DAYS_FIRST_DUE');
    const keys = tables.installments_payments.numbers('SK_ID_PREV');
    const versions = tables.installments_payments.numbers('NUM_INSTALMENT_VERSION');
    const due = tables.installments_payments.numbers('DAYS_INSTALMENT');
    let checked = 0;
    tables.installments_payments.numbers('NUM_INSTALMENT_NUMBER').forEach((number, row) => {
      if (versions[row] === 0) return;
      const request = requests.get(keys[row] ?? NaN) ?? -1;
      if (number > (terms[request] ?? 0) || (due[row] ?? 0) !== (firstDue[request] ?? 0) + 30 * (number - 1))
        throw new Error(`instalment in row ${row}`);
      checked++;
    });
    expect(checked).toBeGreaterThan(40_000);
  });

  it('closes the months of a loan with its completion, and marks a credit paid off as such from then on', () => {
    const statuses = tables.bureau_balance.words('STATUS');
    const keys = tables.bureau_balance.numbers('SK_ID_BUREAU');
    expect(statuses.every((status, row) => statuses[row - 1] !== 'C' || keys[row - 1] !== keys[row] || status === 'C')).toBe(true);
    const future = tables.POS_CASH_balance.numbers('CNT_INSTALMENT_FUTURE');
    const names = tables.POS_CASH_balance.words('NAME_CONTRACT_STATUS');
    expect(names.every((name, row) => name !== 'Completed' || Number.isNaN(future[row] ?? 0) || future[row] === 0)).toBe(true);
  });
});

describe('missing blocks', () => {
  it('come with the provider: who does not report an amount reports none of it', () => {
    const clients = tables.bureau.numbers('SK_ID_CURR');
    const annuities = tables.bureau.numbers('AMT_ANNUITY');
    const counts = new Map<number, [all: number, missing: number]>();
    clients.forEach((client, row) => {
      const [all, none] = counts.get(client) ?? [0, 0];
      counts.set(client, [all + 1, none + (Number.isNaN(annuities[row] ?? NaN) ? 1 : 0)]);
    });
    const several = [...counts.values()].filter(([all]) => all >= 5);
    const whole = mean(several.map(([all, none]) => (none === all || none === 0 ? 1 : 0)));
    // Were cells missing one by one, 0.58⁵ + 0.42⁵ = 8 % of these clients at most would have all or none.
    expect(whole).toBeGreaterThan(0.17);
  });

  it('keep drawings of a card that was never used unknown together', () => {
    const atm = tables.credit_card_balance.numbers('AMT_DRAWINGS_ATM_CURRENT');
    const pos = tables.credit_card_balance.numbers('CNT_DRAWINGS_POS_CURRENT');
    expect(atm.every((amount, row) => Number.isNaN(amount) === Number.isNaN(pos[row] ?? 0))).toBe(true);
    expect(missing(atm)).toBeGreaterThan(0.1);
  });
});

describe('the past tells of the future', () => {
  /** ROC AUC of a number about each labelled client, for those who have it. */
  const aucOf = (values: ReadonlyMap<number, number>): number => {
    const targets = tables.application_train.numbers('TARGET');
    const rows = Array.from(
      tables.application_train.numbers('SK_ID_CURR'),
      (client, row) => [values.get(client) ?? NaN, targets[row] ?? 0] as const,
    ).filter(([value]) => !Number.isNaN(value));
    return rocAuc(
      Uint8Array.from(rows, ([, outcome]) => outcome),
      Float64Array.from(rows, ([value]) => value),
    );
  };
  const meansBy = (keys: Float64Array, value: (row: number) => number): Map<number, number> => {
    const sums = new Map<number, [sum: number, count: number]>();
    keys.forEach((key, row) => {
      const at = value(row);
      if (Number.isNaN(at)) return;
      const [sum, count] = sums.get(key) ?? [0, 0];
      sums.set(key, [sum + at, count + 1]);
    });
    return new Map([...sums].map(([key, [sum, count]]) => [key, sum / count]));
  };

  it('by how late clients paid', () => {
    const paid = tables.installments_payments.numbers('DAYS_ENTRY_PAYMENT');
    const due = tables.installments_payments.numbers('DAYS_INSTALMENT');
    const clients = tables.installments_payments.numbers('SK_ID_CURR');
    const late = (row: number): number => ((paid[row] ?? NaN) > (due[row] ?? NaN) ? 1 : 0);
    expect(aucOf(meansBy(clients, late))).toBeGreaterThan(0.55);
    const largest = new Map<number, number>();
    clients.forEach((client, row) => largest.set(client, Math.max(largest.get(client) ?? -999, (paid[row] ?? -999) - (due[row] ?? 0))));
    expect(aucOf(largest)).toBeGreaterThan(0.53);
  });

  it('by whether they pay later and later, at the same mean', () => {
    const paid = tables.installments_payments.numbers('DAYS_ENTRY_PAYMENT');
    const due = tables.installments_payments.numbers('DAYS_INSTALMENT');
    const clients = tables.installments_payments.numbers('SK_ID_CURR');
    const shareLate = (from: number, to: number): Map<number, number> =>
      meansBy(clients, (row) => {
        const day = due[row] ?? NaN;
        return day >= from && day < to ? ((paid[row] ?? NaN) > day ? 1 : 0) : NaN;
      });
    const recent = shareLate(-365, 0);
    const before = shareLate(-730, -365);
    const change = new Map(
      [...recent].flatMap(([client, share]) => (before.has(client) ? [[client, share - (before.get(client) ?? 0)] as const] : [])),
    );
    const both = new Map([...change.keys()].map((client) => [client, (recent.get(client) ?? 0) + (before.get(client) ?? 0)]));
    expect(aucOf(change)).toBeGreaterThan(0.53);
    // Among clients of about the same mean, the change still ranks.
    const ranked = [...change.keys()].toSorted((one, other) => (both.get(one) ?? 0) - (both.get(other) ?? 0));
    const bands = 4;
    const withinBands = Array.from({ length: bands }, (_, band) => {
      const members = ranked.slice(Math.floor((band * ranked.length) / bands), Math.floor(((band + 1) * ranked.length) / bands));
      return aucOf(new Map(members.map((client) => [client, change.get(client) ?? 0])));
    });
    expect(mean(withinBands)).toBeGreaterThan(0.53);
  });

  it('by recent credits elsewhere and by refusals', () => {
    const opened = tables.bureau.numbers('DAYS_CREDIT');
    expect(aucOf(meansBy(tables.bureau.numbers('SK_ID_CURR'), (row) => opened[row] ?? NaN))).toBeGreaterThan(0.57);
    const status = tables.previous_application.words('NAME_CONTRACT_STATUS');
    expect(aucOf(meansBy(tables.previous_application.numbers('SK_ID_CURR'), (row) => (status[row] === 'Refused' ? 1 : 0)))).toBeGreaterThan(0.52);
  });
});

describe('beside what the reader declares', () => {
  it('has every column of every history table', () => {
    const declared = getLender('home-credit').source.history?.tables ?? [];
    expect(declared.map(({ name }) => name).toSorted()).toEqual([...historyTableNames].toSorted());
    for (const { name, columns } of declared) {
      const header: readonly string[] = tables[name as HistoryTableName].header;
      expect([name, columns.filter((column) => !header.includes(column.name))]).toEqual([name, []]);
    }
    for (const name of historyTableNames) expect([name, tables[name].header]).toEqual([name, [...historyColumns[name]]]);
  });

  it('says in dataset.json where it comes from and how much there is', async () => {
    const described: unknown = JSON.parse(await readFile(join(outDir, 'dataset.json'), 'utf8'));
    expect(described).toEqual({
      source: 'synthetic',
      seed: 42,
      labelled: 3_000,
      unlabelled: 200,
      defaultRate: made.defaultRate,
      rocAucCeiling: made.rocAucCeiling,
      rows: Object.fromEntries(
        ['application_train', 'application_test', ...historyTableNames].map((name) => [name, tables[name as HistoryTableName].count]),
      ),
    });
  });
});

const realFolder = new URL('../../../../shared/data/home-credit/', import.meta.url);
const isRealDataThere = existsSync(realFolder);
if (!isRealDataThere) console.warn('SKIPPED: ../shared/data/home-credit is absent, the history was not compared with the real tables');

(isRealDataThere ? describe : describe.skip)('beside the real tables', () => {
  const real = {} as Record<HistoryTableName, Table>;
  /** The largest tables from their beginning only: enough for shares. */
  const rowsRead = 40_000;

  beforeAll(async () => {
    for (const name of historyTableNames) {
      const stream = createReadStream(new URL(`${name}.csv.gz`, realFolder));
      const lines: string[] = [];
      for await (const line of createInterface({ input: stream.pipe(createGunzip()) })) {
        if (lines.push(line) > rowsRead) break;
      }
      stream.destroy();
      real[name] = toTable(lines);
    }
  }, 120_000);

  it('the columns are the same, in the same order', () => {
    for (const name of historyTableNames) expect([name, tables[name].header]).toEqual([name, real[name].header]);
  });

  it('words have the same shares', () => {
    for (const [table, column, word, tolerance] of [
      ['bureau', 'CREDIT_ACTIVE', 'Active', 0.06],
      ['bureau', 'CREDIT_TYPE', 'Credit card', 0.03],
      ['bureau_balance', 'STATUS', 'C', 0.08],
      ['bureau_balance', 'STATUS', '1', 0.008],
      ['previous_application', 'NAME_CONTRACT_STATUS', 'Approved', 0.04],
      ['previous_application', 'NAME_CONTRACT_STATUS', 'Refused', 0.04],
      ['previous_application', 'NAME_CONTRACT_TYPE', 'Cash loans', 0.05],
      ['previous_application', 'CODE_REJECT_REASON', 'HC', 0.03],
      ['POS_CASH_balance', 'NAME_CONTRACT_STATUS', 'Completed', 0.02],
      ['credit_card_balance', 'NAME_CONTRACT_STATUS', 'Active', 0.06],
    ] as const) {
      const difference = shareOf(tables[table].words(column), word) - shareOf(real[table].words(column), word);
      expect([table, column, word, Math.abs(difference) < tolerance]).toEqual([table, column, word, true]);
    }
  });

  it('numbers have the same middles', () => {
    for (const [table, column, ratio] of [
      ['bureau', 'DAYS_CREDIT', 1.15],
      ['bureau', 'AMT_CREDIT_SUM', 1.3],
      ['previous_application', 'AMT_CREDIT', 1.4],
      ['previous_application', 'DAYS_DECISION', 1.2],
      ['POS_CASH_balance', 'CNT_INSTALMENT', 1.01],
      ['POS_CASH_balance', 'MONTHS_BALANCE', 1.35],
      ['installments_payments', 'DAYS_INSTALMENT', 1.3],
      ['credit_card_balance', 'AMT_CREDIT_LIMIT_ACTUAL', 1.5],
    ] as const) {
      const quotient = median(tables[table].numbers(column)) / median(real[table].numbers(column));
      expect([table, column, Math.max(quotient, 1 / quotient) <= ratio]).toEqual([table, column, true]);
    }
  });

  it('cells are missing as often', () => {
    for (const [table, column, tolerance] of [
      ['bureau', 'AMT_ANNUITY', 0.08],
      ['bureau', 'AMT_CREDIT_MAX_OVERDUE', 0.08],
      ['bureau', 'AMT_CREDIT_SUM_LIMIT', 0.12],
      ['bureau', 'AMT_CREDIT_SUM_DEBT', 0.06],
      ['bureau', 'DAYS_ENDDATE_FACT', 0.06],
      ['previous_application', 'AMT_ANNUITY', 0.04],
      ['previous_application', 'RATE_DOWN_PAYMENT', 0.06],
      ['previous_application', 'DAYS_FIRST_DUE', 0.05],
      ['credit_card_balance', 'AMT_DRAWINGS_ATM_CURRENT', 0.12],
      ['credit_card_balance', 'AMT_INST_MIN_REGULARITY', 0.06],
    ] as const) {
      const difference = missing(tables[table].numbers(column)) - missing(real[table].numbers(column));
      expect([table, column, Math.abs(difference) < tolerance]).toEqual([table, column, true]);
    }
  });

  it('payments are as late and as short', () => {
    const lateShare = ({ numbers }: Table): number => {
      const due = numbers('DAYS_INSTALMENT');
      return mean(Array.from(numbers('DAYS_ENTRY_PAYMENT'), (paid, row) => (paid > (due[row] ?? 0) ? 1 : 0)));
    };
    const shortShare = ({ numbers }: Table): number => {
      const asked = numbers('AMT_INSTALMENT');
      return mean(Array.from(numbers('AMT_PAYMENT'), (paid, row) => (paid < (asked[row] ?? 0) - 0.01 ? 1 : 0)));
    };
    expect(lateShare(tables.installments_payments)).toBeCloseTo(lateShare(real.installments_payments), 1);
    expect(Math.abs(shortShare(tables.installments_payments) - shortShare(real.installments_payments))).toBeLessThan(0.06);
  });
});
