import { searchKey } from './search-key.ts';

describe('searchKey', () => {
  it('drops case and accents and leaves out what is missing', () => {
    expect(searchKey('C-100', null, 'Zoé Ñúñez')).toBe('c-100 zoe nunez');
    expect(searchKey(null)).toBe('');
  });

  it('leaves out the character that no record holds, so that a search for it is no defect', () => {
    expect(searchKey('a\u0000b')).toBe('ab');
  });
});
