import { languages } from '@lisible/contracts';
import type { Language } from '@lisible/contracts';
import type { IncomingHttpHeaders } from 'node:http';

/** The caller's language from `Accept-Language` (RFC 9110, q-values respected); French when nothing asked for exists. */
export const currentLanguage = (request: { readonly headers: IncomingHttpHeaders }): Language => {
  const ranges = (request.headers['accept-language'] ?? '').split(',').flatMap((part) => {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const q = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((value) => value !== undefined);
    return range === '' ? [] : [{ range, quality: q === undefined ? 1 : Number(q) }];
  });
  const qualityOf = (language: Language): number => {
    const named = ranges.find(({ range }) => range === language || range.startsWith(`${language}-`));
    return (named ?? ranges.find(({ range }) => range === '*'))?.quality ?? 0;
  };
  const [first, ...others] = languages;
  return others.reduce<Language>((best, language) => (qualityOf(language) > qualityOf(best) ? language : best), first);
};
