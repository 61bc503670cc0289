import { addressOf, listQueryOf } from './client-list.query.ts';

describe('the list’s address', () => {
  it('holds only what is not default, and comes back the same', () => {
    const query = listQueryOf({ search: '1000', kind: 'past-loan', page: '3', sort: 'creditAmount' });
    expect(query).toEqual({ search: '1000', kind: 'past-loan', page: 3, pageSize: 25, sort: 'creditAmount' });
    expect(addressOf(query)).toEqual({ search: '1000', kind: 'past-loan', page: '3', sort: 'creditAmount' });
    expect(addressOf(listQueryOf({}))).toEqual({});
  });

  it('falls back field by field on what makes no sense', () => {
    expect(listQueryOf({ search: '', kind: 'everything', page: '-4', sort: 'name' })).toEqual({ search: undefined, kind: undefined, page: 1, pageSize: 25, sort: '-submittedAt' });
  });
});
