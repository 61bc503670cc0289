import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Cell } from './person.ts';

const rowsPerChunk = 500;

const writeCell = (cell: Cell | undefined): string => {
  if (cell === null || cell === undefined) return '';
  const text = String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * Writes rows as they come into a CSV file, which bears its name only when it is whole: a run that is cut leaves no half table.
 * @throws the file system's error when the file cannot be written
 */
export const writeCsvTable = async (path: string, columns: readonly string[], rows: Iterable<Readonly<Record<string, Cell>>>): Promise<void> => {
  const partial = `${path}.partial`;
  const file = createWriteStream(partial, { encoding: 'utf8' });
  const closed = finished(file);
  // Errors surface where the stream is awaited below; until then nobody listens.
  closed.catch(() => undefined);
  try {
    let lines = [columns.join(',')];
    const flush = async (): Promise<void> => {
      const hasRoom = file.write(`${lines.join('\n')}\n`);
      lines = [];
      if (!hasRoom) await Promise.race([once(file, 'drain'), closed]);
    };
    for (const row of rows) {
      lines.push(columns.map((column) => writeCell(row[column])).join(','));
      if (lines.length >= rowsPerChunk) await flush();
    }
    if (lines.length > 0) await flush();
    file.end();
    await closed;
    await rename(partial, path);
  } catch (error) {
    file.destroy();
    await rm(partial, { force: true });
    throw error;
  }
};
