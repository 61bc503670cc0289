import { listQueryOf, locationOf, trailAfter, trailOf } from './client-list.query.ts';

describe('the list’s address', () => {
  it('holds only what is not default, and comes back the same with the entry’s state', () => {
    const query = listQueryOf({ kind: 'past-loan', page: '3', sort: 'creditAmount' }, { search: 'Lefèvre' });
    expect(query).toEqual({ search: 'Lefèvre', kind: 'past-loan', page: 3, pageSize: 25, filters: [], columns: [], sort: 'creditAmount' });
    expect(locationOf(query)).toEqual({ query: { kind: 'past-loan', page: '3', sort: 'creditAmount' }, state: { search: 'Lefèvre', trail: null } });
    // A refinement is merged into the entry's state: what was searched must be said to be gone.
    expect(locationOf(listQueryOf({}, {}))).toEqual({ query: {}, state: { search: null, trail: null } });
  });

  it('never holds what is searched, nor reads it from there', () => {
    expect(listQueryOf({ search: 'Lefèvre' }, null).search).toBeUndefined();
  });

  it('falls back field by field on what makes no sense', () => {
    const nothing = { search: undefined, kind: undefined, page: 1, pageSize: 25, filters: [], columns: [], sort: '-submittedAt' };
    expect(listQueryOf({ kind: 'everything', page: '-4', sort: 'by name' }, { search: '' })).toEqual(nothing);
    expect(listQueryOf({}, { search: 'x'.repeat(101) })).toEqual(nothing);
    expect(listQueryOf({}, { search: null })).toEqual(nothing);
  });

  it('holds filters and columns, and reads them back the same', () => {
    const query = {
      ...listQueryOf({}, null),
      filters: [
        { field: 'incomeAmount', from: 20_000, to: null },
        { field: 'externalScore1', from: 0.25, to: 0.5 },
        { field: 'contractType', isOneOf: ['cash-loan', null] },
        { field: 'ownsCar', isOneOf: [false] },
      ],
      columns: ['incomeAmount', 'birthDate'],
    };
    const { query: address } = locationOf(query);
    expect(address).toEqual({
      filter: ['incomeAmount:20000..', 'externalScore1:0.25..0.5', 'contractType:["cash-loan",null]', 'ownsCar:[false]'],
      columns: 'incomeAmount,birthDate',
    });
    expect(
      listQueryOf(
        {
          filter: ['incomeAmount:20000..', 'externalScore1:0.25..0.5', 'contractType:["cash-loan",null]', 'ownsCar:[false]'],
          columns: 'incomeAmount,birthDate',
        },
        null,
      ),
    ).toEqual(query);
  });

  it('leaves out filters and columns that make no sense, a second filter of one field and the column that is there anyway', () => {
    const query = listQueryOf(
      { filter: ['incomeAmount', 'a:x..1', 'b:[', 'c:1..2..3', 'd:5', 'e:1..', 'e:..2', null], columns: 'one,,t wo,one,creditAmount' },
      null,
    );
    expect([query.filters, query.columns]).toEqual([[{ field: 'e', from: 1, to: null }], ['one']]);
  });

  it('walks pages by cursors, which stand in the entry and never in the address', () => {
    const first = listQueryOf({}, null);
    const trail = trailAfter(first, trailOf(null), 'cursor-2');
    expect(trail).toEqual(['cursor-2']);
    const { query: address, state } = locationOf({ ...first, page: 2 }, trail);
    expect(address).toEqual({ page: '2' });
    expect(listQueryOf({ page: '2' }, state).cursor).toBe('cursor-2');
    // A bookmark knows the number only, and so does a trail of another length.
    expect(listQueryOf({ page: '2' }, null).cursor).toBeUndefined();
    expect(listQueryOf({ page: '3' }, state).cursor).toBeUndefined();
    expect(trailAfter(listQueryOf({ page: '3' }, null), [], 'cursor-4')).toEqual([]);
  });
});
