import { dayOfIsoDate, say } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import type { LocalizedText } from '@lisible/contracts';
import type { Cell } from '../duckdb.session.ts';
import type { ProtectedAttribute } from './model-studies.ts';

type ProtectedField = Catalogue['fields'][number];

/** Fields whose groups fairness is measured on: protected, and of a type that has groups. */
export const protectedFieldsOf = (catalogue: Catalogue): readonly ProtectedField[] =>
  catalogue.fields.filter((field) => field.protection !== null && !field.isContact && field.type !== 'text');

interface Grouping {
  readonly groups: readonly { readonly group: string; readonly label: LocalizedText }[];
  /** −1 where the value is missing or in no group. */
  readonly groupOf: (value: Cell, row: number) => number;
}

/** Whole years between two ISO dates, as birthdays count them; NaN where one of them is none. */
const yearsBetween = (from: string, to: string): number => {
  if (Number.isNaN(dayOfIsoDate(from)) || Number.isNaN(dayOfIsoDate(to))) return Number.NaN;
  const isBeforeBirthday = to.slice(4) < from.slice(4);
  return Number(to.slice(0, 4)) - Number(from.slice(0, 4)) - (isBeforeBirthday ? 1 : 0);
};

/** Ages at which a band begins; the first begins at birth. */
const ageBands = [25, 35, 45, 55, 65] as const;

/** Each protected field cut into groups: categories as declared, dates as bands of age, counts one by one, amounts by quarters. */
export const groupProtectedAttributes = (
  catalogue: Catalogue,
  valuesOf: (field: string) => readonly Cell[],
  submittedAt: readonly string[],
): readonly ProtectedAttribute[] =>
  protectedFieldsOf(catalogue).map((field) => {
    const values = valuesOf(field.name);
    const { groups, groupOf } = groupingOf(field, values, submittedAt);
    const groupOfRow = Int8Array.from(values, groupOf);
    return {
      attribute: field.name,
      label: field.label,
      groups: groups.map((group, position) => ({ ...group, rows: groupOfRow.filter((ofRow) => ofRow === position).length })),
      groupOfRow,
    };
  });

const groupingOf = (field: ProtectedField, values: readonly Cell[], submittedAt: readonly string[]): Grouping => {
  switch (field.type) {
    case 'category':
      return byCategory(field);
    case 'boolean':
      return byAnswer;
    case 'date':
      return byAge(submittedAt);
    case 'integer':
      return byCount(values);
    case 'number':
    case 'text':
      return byQuarter(values);
  }
};

const byCategory = ({ categories }: ProtectedField): Grouping => {
  const declared = categories ?? [];
  const positions = new Map(declared.map(({ value }, position) => [value, position]));
  return {
    groups: declared.map(({ value, label }) => ({ group: value, label })),
    groupOf: (value) => (typeof value === 'string' ? (positions.get(value) ?? -1) : -1),
  };
};

const byAnswer: Grouping = {
  groups: [
    { group: 'no', label: say('Non', 'No') },
    { group: 'yes', label: say('Oui', 'Yes') },
  ],
  groupOf: (value) => (typeof value === 'boolean' ? Number(value) : -1),
};

const byAge = (submittedAt: readonly string[]): Grouping => {
  const bands = [null, ...ageBands].map((from, position) => ({ from, below: ageBands[position] ?? null }));
  return {
    groups: bands.map(({ from, below }) => {
      if (from === null) return { group: `under-${below}`, label: say(`Moins de ${below} ans`, `Under ${below}`) };
      if (below === null) return { group: `${from}-and-over`, label: say(`${from} ans et plus`, `${from} and over`) };
      return { group: `${from}-to-${below - 1}`, label: say(`${from} à ${below - 1} ans`, `${from} to ${below - 1}`) };
    }),
    groupOf: (value, row) => {
      if (typeof value !== 'string') return -1;
      const age = yearsBetween(value, (submittedAt[row] ?? '').slice(0, value.length));
      return Number.isNaN(age) ? -1 : ageBands.filter((from) => age >= from).length;
    },
  };
};

/** Counts stand alone as long as they hold this share of the rows; what is rarer is « so many and more ». */
const minShareOfCount = 0.05;

const byCount = (values: readonly Cell[]): Grouping => {
  const known = values.filter((value): value is number => typeof value === 'number');
  const counts = new Map<number, number>();
  for (const value of known) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ascending = [...counts.keys()].toSorted((a, b) => a - b);
  const alone: number[] = [];
  for (const count of ascending) {
    if ((counts.get(count) ?? 0) < minShareOfCount * known.length) break;
    alone.push(count);
  }
  const rest = ascending[alone.length];
  return {
    groups: [
      ...alone.map((count) => ({ group: String(count), label: say(String(count), String(count)) })),
      ...(rest === undefined ? [] : [{ group: `${rest}-and-more`, label: say(`${rest} ou plus`, `${rest} or more`) }]),
    ],
    groupOf: (value) => {
      if (typeof value !== 'number') return -1;
      const position = alone.indexOf(value);
      return position < 0 ? alone.length : position;
    },
  };
};

const byQuarter = (values: readonly Cell[]): Grouping => {
  const known = values.filter((value): value is number => typeof value === 'number').toSorted((a, b) => a - b);
  const bounds = [...new Set([0.25, 0.5, 0.75].map((share) => known[Math.floor(share * known.length)] ?? 0))];
  return {
    groups: Array.from({ length: bounds.length + 1 }, (_, position) => ({
      group: `quarter-${position + 1}`,
      label: say(
        `Tranche ${position + 1} sur ${bounds.length + 1}, de la plus basse à la plus haute`,
        `Band ${position + 1} of ${bounds.length + 1}, lowest first`,
      ),
    })),
    groupOf: (value) => (typeof value === 'number' ? bounds.filter((bound) => value >= bound).length : -1),
  };
};
