import { z } from 'zod';

/** The languages that every text a person reads exists in. French is the first. */
export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];

/** One text in every language. */
export const localizedTextSchema = z.object({ fr: z.string(), en: z.string() });
export type LocalizedText = z.infer<typeof localizedTextSchema>;
