import { keepTogether } from './language.ts';

it('ties French punctuation to its word, and leaves English alone', () => {
  expect(keepTogether('Seuil : 9 % ; « 20 000 » ?')).toBe('Seuil\u00a0: 9\u00a0%\u00a0; «\u00a020 000\u00a0»\u00a0?');
  expect(keepTogether('Seuil : 9,1 sur 100. 8 dossiers sur 100')).toBe('Seuil\u00a0: 9,1\u00a0sur\u00a0100. 8 dossiers sur 100');
  expect(keepTogether('9 in 100, in 1000')).toBe('9\u00a0in\u00a0100, in 1000');
  expect(keepTogether('Threshold: 9% (what?)')).toBe('Threshold: 9% (what?)');
});
