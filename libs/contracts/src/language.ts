import { z } from 'zod';

/** The languages that every text a person reads exists in. French is the first. */
export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];

/** One text in every language. */
export const localizedTextSchema = z.object({ fr: z.string(), en: z.string() });
export type LocalizedText = z.infer<typeof localizedTextSchema>;

const noBreakSpace = '\u00a0';

/**
 * Puts no-break spaces where French punctuation wants one, and within « 9 sur 100 »: no line begins with a colon, and no figure is cut. English has no
 * space before punctuation, so nothing happens to it there.
 */
export const keepTogether = (text: string): string =>
  text.replaceAll(/ (?=[:;?!»%])|(?<=«) |(?<=\d) (?=(?:sur|in) 100(?!\d))|(?<=\d (?:sur|in)) (?=100(?!\d))/gu, noBreakSpace);
