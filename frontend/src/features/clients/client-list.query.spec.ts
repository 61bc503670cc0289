import { listQueryOf, locationOf } from './client-list.query.ts';

describe('the list’s address', () => {
  it('holds only what is not default, and comes back the same with the entry’s state', () => {
    const query = listQueryOf({ kind: 'past-loan', page: '3', sort: 'creditAmount' }, { search: 'Lefèvre' });
    expect(query).toEqual({ search: 'Lefèvre', kind: 'past-loan', page: 3, pageSize: 25, filters: [], columns: [], sort: 'creditAmount' });
    expect(locationOf(query)).toEqual({ query: { kind: 'past-loan', page: '3', sort: 'creditAmount' }, state: { search: 'Lefèvre' } });
    // A refinement is merged into the entry's state: what was searched must be said to be gone.
    expect(locationOf(listQueryOf({}, {}))).toEqual({ query: {}, state: { search: null } });
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
});
