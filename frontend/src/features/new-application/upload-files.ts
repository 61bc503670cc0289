import type { CatalogueView } from '@lisible/contracts';
import Papa from 'papaparse';

/** Excel reads accents and separators of a CSV file right when it begins so. */
const byteOrderMark = '\uFEFF';

/** An empty CSV file with a column for everything that an application may say, what it must say first. */
export const templateOf = ({ fields }: CatalogueView): string => {
  const names = [...fields.filter(({ isRequired }) => isRequired), ...fields.filter(({ isRequired }) => !isRequired)].map(({ name }) => name);
  return `${byteOrderMark}${Papa.unparse({ fields: ['clientId', ...names], data: [] })}\r\n`;
};

export interface ReportRow {
  readonly line: number;
  readonly state: string;
  readonly clientId: string;
  readonly applicationId: string;
  readonly problems: string;
}

/** What became of each line, as a CSV file; cells that a spreadsheet would run as a formula are kept as text. */
export const reportOf = (rows: readonly ReportRow[], headings: Readonly<Record<keyof ReportRow, string>>): string =>
  byteOrderMark +
  Papa.unparse(
    rows.map(({ line, state, clientId, applicationId, problems }) => ({
      [headings.line]: line,
      [headings.state]: state,
      [headings.clientId]: clientId,
      [headings.applicationId]: applicationId,
      [headings.problems]: problems,
    })),
    { escapeFormulae: true },
  );

/** Hands a text to the person as a file. */
export const download = (name: string, csv: string): void => {
  const address = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
};
