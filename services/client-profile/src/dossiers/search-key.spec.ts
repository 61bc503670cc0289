import { searchKey } from './search-key.ts';

describe('searchKey', () => {
  it('drops case and accents and leaves out what is missing', () => {
    expect(searchKey('C-100', null, 'Zoé Ñúñez')).toBe('c-100 zoe nunez');
    expect(searchKey(null)).toBe('');
  });
});
