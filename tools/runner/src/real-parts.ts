import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Environment variable that names the file in which specs note the real parts they ran on. */
export const realPartsVariable = 'LISIBLE_REAL_PARTS';

/** Notes a real part (with its version, asked of the part itself) that a spec has just used; nothing outside `npm test`. */
export function noteRealPart(part: string): void {
  const file = process.env[realPartsVariable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(part)}\n`);
}

/** Every part noted, each once. */
export function readRealParts(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return [...new Set(lines.map((line) => String(JSON.parse(line))))];
}
