import { homeCreditCatalogue } from '@lisible/credit';
import type { Cell } from '../duckdb.session.ts';
import type { ProtectedAttribute } from './model-studies.ts';
import { groupProtectedAttributes, protectedFieldsOf } from './protected-groups.ts';

const submittedAt = '2026-06-15T10:00:00.000Z';
const columns: Readonly<Record<string, readonly Cell[]>> = {
  birthDate: ['2001-06-16', '2001-06-15', '1961-06-16', '1961-06-15', 'soon'],
  sex: ['female', 'male', 'female', null, 'unheard-of'],
  childrenCount: [0, 0, 1, 7, null],
};
const valuesOf = (field: string): readonly Cell[] => columns[field] ?? [null, null, null, null, null];

describe('groups of protected attributes', () => {
  const attributes = groupProtectedAttributes(
    homeCreditCatalogue,
    valuesOf,
    Array.from({ length: 5 }, () => submittedAt),
  );
  const membersOf = (attribute: string): readonly (string | null)[] => {
    const { groups, groupOfRow } = attributes.find((one) => one.attribute === attribute)!;
    return [...groupOfRow].map((position) => groups[position]?.group ?? null);
  };

  it('cover every protected field of the catalogue and no other', () => {
    expect(attributes.map(({ attribute }) => attribute)).toEqual(protectedFieldsOf(homeCreditCatalogue).map(({ name }) => name));
    expect(attributes.map(({ attribute }) => attribute)).toEqual(expect.arrayContaining(['birthDate', 'sex', 'familyStatus', 'childrenCount']));
    expect(attributes.map(({ attribute }) => attribute)).not.toContain('incomeAmount');
  });

  it('are bands of age at submission, categories, and counts with the rare ones together', () => {
    expect(membersOf('birthDate')).toEqual(['under-25', '25-to-34', '55-to-64', '65-and-over', null]);
    expect(membersOf('sex')).toEqual(['female', 'male', 'female', null, null]);
    expect(membersOf('childrenCount')).toEqual(['0', '0', '1', '7', null]);
    const many = groupProtectedAttributes(
      homeCreditCatalogue,
      (field) => (field === 'childrenCount' ? Array.from({ length: 100 }, (_, row) => (row < 60 ? 0 : row < 97 ? 1 : row - 95)) : []),
      [],
    ).find(({ attribute }) => attribute === 'childrenCount')!;
    expect(many.groups.map(({ group, rows }) => [group, rows])).toEqual([
      ['0', 60],
      ['1', 37],
      ['2-and-more', 3],
    ]);
  });

  it('have as many rows as they say, and words in both languages', () => {
    const count = ({ groupOfRow }: ProtectedAttribute, position: number): number => groupOfRow.filter((ofRow) => ofRow === position).length;
    for (const attribute of attributes)
      attribute.groups.forEach(({ rows, label }, position) => {
        expect(rows).toBe(count(attribute, position));
        expect([label.fr, label.en]).not.toContain('');
      });
  });
});
