import { fieldValueSchema, type Application, type CatalogueView, type FieldValue, type Language } from '@lisible/contracts';
import Papa from 'papaparse';
import { z } from 'zod';
import { readValue, type ApplicationBody } from './application-draft.ts';

/** One application of a file, or why it is none. `line`: as an editor counts for CSV, the place in the list for JSON. */
export type UploadLine =
  | { readonly line: number; readonly body: ApplicationBody }
  | { readonly line: number; readonly unreadable: 'not-an-application' | 'wrong-number-of-cells' };

export const mostLines = 100;

const envelope = new Set(['applicationId', 'clientId', 'branchId', 'submittedAt', 'currency']);

/** Cells of a CSV text, each row with the line that it begins on; empty rows are left out. */
export const parseCells = (text: string, separator: string): { readonly line: number; readonly cells: readonly string[] }[] => {
  const rows: { line: number; cells: readonly string[] }[] = [];
  const lines = text.replaceAll(/\r\n?/g, '\n');
  let line = 1;
  let readTo = 0;
  Papa.parse<string[]>(lines, {
    delimiter: separator,
    newline: '\n',
    step: ({ data, meta }) => {
      if (data.length > 1 || (data[0] ?? '').trim() !== '') rows.push({ line, cells: data });
      line += lines.slice(readTo, meta.cursor).split('\n').length - 1;
      readTo = meta.cursor;
    },
  });
  return rows;
};

const readCsv = (text: string, catalogue: CatalogueView, language: Language): UploadLine[] => {
  const firstLine = text.slice(0, text.indexOf('\n') === -1 ? undefined : text.indexOf('\n'));
  const separator = [';', '\t'].find((sign) => firstLine.includes(sign)) ?? ',';
  const [head, ...rows] = parseCells(text, separator);
  if (head === undefined) return [];
  // Columns are known by their name or by their label in either language.
  const names = head.cells.map((cell) => {
    const title = cell.trim();
    return catalogue.fields.find(({ name, label }) => name === title || label.fr === title || label.en === title)?.name ?? title;
  });
  return rows.map(({ line, cells }): UploadLine => {
    if (cells.length !== names.length) return { line, unreadable: 'wrong-number-of-cells' };
    const body: Record<string, FieldValue> = {};
    for (const [index, name] of names.entries()) {
      const cell = cells[index] ?? '';
      const field = catalogue.fields.find((known) => known.name === name);
      const value = field === undefined ? cell.trim() || null : readValue(field, cell, separator === ',' ? 'en' : language);
      if (value !== null) body[name] = value;
    }
    return { line, body };
  });
};

const bodySchema = z.record(z.string(), fieldValueSchema);

const readJson = (text: string): UploadLine[] | null => {
  try {
    const content: unknown = JSON.parse(text);
    return (Array.isArray(content) ? content : [content]).map((one: unknown, index): UploadLine => {
      const parsed = bodySchema.safeParse(one);
      return parsed.success ? { line: index + 1, body: parsed.data } : { line: index + 1, unreadable: 'not-an-application' };
    });
  } catch {
    return null;
  }
};

/** The applications of a JSON or CSV file; null where it is neither. */
export const readUpload = (fileName: string, text: string, catalogue: CatalogueView, language: Language): UploadLine[] | null => {
  const content = text.replace(/^\uFEFF/, '');
  return /\.json$/i.test(fileName) || /^\s*[[{]/.test(content) ? readJson(content) : readCsv(content, catalogue, language);
};

/** With what an application needs and a file may leave out; identifiers are texts, whatever the file took them for. */
export const completed = (
  body: ApplicationBody,
  defaults: { readonly applicationId: string; readonly submittedAt: string; readonly currency: string },
): Application => {
  const said = Object.fromEntries(Object.entries(body).filter(([name, value]) => !envelope.has(name) || value !== null));
  const textOf = (name: string, missing: string): string => String(said[name] ?? missing);
  return {
    ...said,
    applicationId: textOf('applicationId', defaults.applicationId),
    clientId: textOf('clientId', ''),
    submittedAt: textOf('submittedAt', defaults.submittedAt),
    currency: textOf('currency', defaults.currency),
  };
};
