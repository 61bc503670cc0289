import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lightGbmGolden } from './convert/readers/foreign-models.testing.ts';

const room = fileURLToPath(new URL('..', import.meta.url));

describe('the example of the README', () => {
  it('runs as it stands, and says what its comments say', () => {
    const [example] = /(?<=```ts\n)[\s\S]*?(?=```)/.exec(readFileSync(join(room, 'README.md'), 'utf8')) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'lisible-readme-'));
    try {
      const model = join(folder, 'model.txt');
      writeFileSync(model, lightGbmGolden.models[0].text);
      const script = `${example?.replace("'model.txt'", JSON.stringify(model))}
        const sum = shapValues.reduce((total, value) => total + value, baseValue);
        console.log(JSON.stringify({
          probability, sum, margin: predictMargin(ensemble, [2.5, NaN]), compared: comparedWithLastTwo.length,
          onnxBytes: onnxFile.length, importedTrees: imported.trees.length,
        }));`;
      const options = ['--conditions=lisible-source', '--no-warnings', '--input-type=module-typescript', '--eval', script];
      const said: Record<string, number> = JSON.parse(execFileSync(process.execPath, options, { cwd: room, encoding: 'utf8' }));
      expect(said['sum']).toBeCloseTo(said['margin'], 12);
      expect(Math.log(said['probability'] / (1 - said['probability']))).toBeCloseTo(said['margin'], 9);
      expect(said['compared']).toBe(2);
      expect(said['onnxBytes']).toBeGreaterThan(1000);
      expect(said['importedTrees']).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
