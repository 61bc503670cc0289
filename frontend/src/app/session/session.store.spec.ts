import { safeReturnPath } from './session.store.ts';

describe('where a person returns after sign-in', () => {
  it('is the page asked for', () => {
    expect(safeReturnPath('/clients/C-1?applicationId=A-1#why')).toBe('/clients/C-1?applicationId=A-1#why');
  });

  it.each(['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'clients', '', '/callback?code=1', undefined, ['/clients']])('is never %s', (path) => {
    expect(safeReturnPath(path)).toBe('/clients');
  });
});
