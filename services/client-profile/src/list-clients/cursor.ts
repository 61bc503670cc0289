import { dossierKindSchema } from '@lisible/contracts';
import { z } from 'zod';
import type { ListCursor, ListedDossier } from '../dossiers/dossier-source.ts';
import { refused } from '../population/population.ts';

/** Order, value (null where missing), applicationId, kind. */
const contentSchema = z.tuple([z.string(), z.number().nullable(), z.string(), dossierKindSchema]);

/** After this row, in this order. */
export const writeCursor = (sort: string, { item, sortValue }: ListedDossier): string =>
  Buffer.from(JSON.stringify([sort, Number.isNaN(sortValue) ? null : sortValue, item.applicationId, item.kind])).toString('base64url');

/** @throws RejectedError `request-invalid` when it is no cursor of a list in this order */
export const readCursor = (sort: string, cursor: string): ListCursor => {
  const content = contentSchema.safeParse(parse(cursor)).data;
  if (content?.[0] !== sort)
    throw refused('cursor', 'custom', {
      fr: 'Ce curseur ne vient pas d’une liste dans cet ordre : demandez la première page.',
      en: 'This cursor is not of a list in this order: ask for the first page.',
    });
  const [, value, applicationId, kind] = content;
  return { value: value ?? Number.NaN, applicationId, kind };
};

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
};
