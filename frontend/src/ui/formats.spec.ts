import { formatsOf } from './formats.ts';

const plain = (text: string): string => text.replaceAll(/\s/gu, ' ');
const [fr, en] = [formatsOf('fr'), formatsOf('en')];

describe('formats', () => {
  it('write numbers as each language does', () => {
    expect(plain(fr.number(1234567.891))).toBe('1 234 567,89');
    expect(en.number(1234567.891)).toBe('1,234,567.89');
    expect(fr.number(8, 1)).toBe('8,0');
  });

  it('write signs with a true minus, and none on what rounds to zero', () => {
    expect([fr.signed(3.1), fr.signed(-0.44), fr.signed(-0.01), en.signed(2)]).toEqual(['+3,1', '−0,4', '0,0', '+2.0']);
  });

  it('write amounts in whole units of their own currency, known or not', () => {
    expect(plain(fr.money(406597.5, 'EUR'))).toBe('406 598 €');
    expect(en.money(406597.5, 'GBP')).toBe('£406,598');
    expect(plain(fr.money(12, 'not a currency'))).toBe('12 not a currency');
  });

  it('write quantities with their unit in words', () => {
    expect(plain(fr.quantity(1, 'years', 'EUR'))).toBe('1 an');
    expect(plain(fr.quantity(3.26, 'years', 'EUR'))).toBe('3,3 ans');
    expect(plain(en.quantity(5, 'months', 'EUR'))).toBe('5 months');
    expect(plain(fr.quantity(0.1234, 'share', 'EUR'))).toBe('12,3 %');
    expect(plain(fr.quantity(10, 'hour', 'EUR'))).toBe('10 h');
    expect(en.quantity(10, 'hour', 'EUR')).toBe('10:00');
    expect(plain(fr.quantity(16.461, 'none', 'EUR'))).toBe('16,5');
    expect(plain(fr.quantity(0.2629, 'score', 'EUR'))).toBe('0,263');
  });

  it('tell less than a year in months, and less than a month in days', () => {
    expect([0.33, 0.01, 0, 0.99, -0.5].map((value) => plain(fr.quantity(value, 'years', 'EUR')).replace('-', '−'))).toEqual([
      '4 mois',
      '4 jours',
      '0 an',
      '1 an',
      '−6 mois',
    ]);
  });

  it('write a range as short as it can be told', () => {
    expect(plain(fr.shortRange(200_000, 400_000, 'currency', 'EUR'))).toBe('200–400 k€');
    expect(en.shortRange(null, 200_000, 'currency', 'EUR')).toBe('< €200k');
    expect(plain(fr.shortRange(1_800_000, null, 'currency', 'EUR'))).toBe('≥ 1,8 M€');
    expect(plain(fr.shortRange(20, 25, 'years', 'EUR'))).toBe('20–25 ans');
    expect(en.shortRange(0.25, 0.5, 'score', 'EUR')).toBe('0.25–0.5');
    expect(plain(fr.shortRange(0.025, 0.05, 'share', 'EUR'))).toBe('2,5–5 %');
    expect(plain(fr.shortRange(1_250_000, 1_500_000, 'currency', 'EUR'))).toBe('1,25–1,5 M€');
    expect(en.shortRange(20, 40, 'currency', 'not a currency')).toBe('20–40');
  });

  it('write a day as the day it is, wherever the reader sits', () => {
    // Specs run in a zone west of Greenwich: see vitest.config.ts.
    expect(new Date('2026-11-20').getDate()).toBe(19);
    expect(plain(fr.date('1984-03-01'))).toBe('1 mars 1984');
  });

  it('write amounts below zero with a true minus', () => {
    expect(plain(fr.money(-22500, 'EUR'))).toBe('−22 500 €');
  });

  it('write dates, and leave what is none as it is', () => {
    expect(plain(fr.date('2026-11-20T10:00:00Z'))).toBe('20 nov. 2026');
    expect(en.date('2026-11-20')).toBe('20 Nov 2026');
    expect(fr.date('hier')).toBe('hier');
  });
});
