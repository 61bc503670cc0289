import type { Locator } from 'playwright-core';

/** Narrow and unbreakable spaces become plain ones, line ends too: text as it is read. */
export const plain = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

export const textOf = async (place: Locator): Promise<string> => plain(await place.innerText());

/** As French writes it. */
export const inFrench = (value: number, options: Intl.NumberFormatOptions = {}): string =>
  plain(new Intl.NumberFormat('fr-FR', options).format(value)).replace('-', '−');

export const moneyInFrench = (value: number, currency: string): string =>
  inFrench(value, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', maximumFractionDigits: 0 });

/** The figures of a sentence, in its order; « 3 000 » is one figure. */
export const figuresOf = (text: string): readonly string[] => text.match(/\d{1,3}(?: \d{3})+(?:,\d+)?|\d+(?:,\d+)?/gu) ?? [];

/** A figure shown is the value it stands for, rounded to the decimals that it shows. */
export function expectShown(shown: string | undefined, value: number): void {
  const written = shown ?? 'nothing';
  const decimals = written.split(',')[1]?.length ?? 0;
  const read = Number(written.replaceAll(' ', '').replace(',', '.').replace('−', '-'));
  // Half a unit of the last place, and what binary halves may add.
  if (!(Math.abs(read - value) <= 0.5 * 10 ** -decimals + 1e-9)) throw new Error(`the page shows ${written} for ${value}`);
}
