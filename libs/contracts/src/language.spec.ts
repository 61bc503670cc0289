import { keepTogether } from './language.ts';

it('ties French punctuation to its word, and leaves English alone', () => {
  expect(keepTogether('Seuil : 9 % ; « 20 000 » ?')).toBe('Seuil\u00a0: 9\u00a0%\u00a0; «\u00a020 000\u00a0»\u00a0?');
  expect(keepTogether('Threshold: 9% (what?)')).toBe('Threshold: 9% (what?)');
});
