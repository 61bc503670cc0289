import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artefactKeys, championPointerSchema, modelFiles } from '@lisible/contracts';
import { createRandom } from '@lisible/credit';
import { startPlatform, waitUntilReady } from '@lisible/runner';
import { parseTrees, predictMargins, sigmoid } from '@lisible/tree-ensemble';
import type { Figure } from '../figure.ts';
import { runOnnx } from '../onnx.session.ts';

const extremes = [Number.NaN, Infinity, -Infinity, 3.4e38, -3.4e38, 1.2e-38, -1.2e-38, 1.4e-45, 0, -0];

export const onnxParity: Figure = {
  name: 'onnx-parity',
  title: 'margin and probability of the served ONNX against native, rows with missing, infinite, huge and tiny values',
  unit: '(largest difference of margins)',
  target: 'margin 0, probability 1e-12, on 100,000 rows',

  async measure({ isShort, log }) {
    const home = mkdtempSync(join(tmpdir(), 'lisible-parity-'));
    try {
      const platform = await startPlatform({ home, environment: { SYNTHETIC_CLIENTS: isShort ? '2000' : '10000' } });
      try {
        log('training the model to serve…');
        await waitUntilReady(platform, 600);
      } finally {
        await platform.stop();
      }
      const artefact = (key: string): Buffer => readFileSync(join(home, 'artefacts', key));
      const { modelVersion } = championPointerSchema.parse(JSON.parse(artefact(artefactKeys.champion).toString()));
      const ensemble = parseTrees(artefact(artefactKeys.model(modelVersion, modelFiles.trees)).toString());
      const onnx = artefact(artefactKeys.model(modelVersion, modelFiles.onnx));

      // Every threshold of every feature, and its float32 neighbours, so that splits are met exactly.
      const numFeatures = ensemble.featureNames.length;
      const thresholds: number[][] = Array.from({ length: numFeatures }, () => []);
      for (const tree of ensemble.trees) {
        for (const [node, feature] of tree.splitFeature.entries()) if (feature >= 0) thresholds[feature]?.push(tree.threshold[node] ?? 0);
      }
      const seeded = createRandom(20_261_123);
      const random = (): number => seeded.uniform();
      const rows = 100_000;
      const values = new Float32Array(rows * numFeatures);
      for (let index = 0; index < values.length; index += 1) {
        const known = thresholds[index % numFeatures] ?? [];
        const kind = random();
        const near = known[Math.floor(random() * known.length)] ?? 0;
        values[index] =
          kind < 0.2
            ? Number.NaN
            : kind < 0.3
              ? (extremes[Math.floor(random() * extremes.length)] ?? 0)
              : kind < 0.6
                ? near
                : near * (1 + (random() - 0.5) * 0.2) + (random() - 0.5);
      }
      const native = predictMargins(ensemble, { numRows: rows, numFeatures, values });
      const { margins, probabilities } = await runOnnx(onnx, Float64Array.from(values), numFeatures);
      let marginDifference = 0;
      let probabilityDifference = 0;
      const seen = new Set<number>();
      for (const [row, margin] of native.entries()) {
        marginDifference = Math.max(marginDifference, Math.abs(margin - (margins[row] ?? Number.NaN)));
        probabilityDifference = Math.max(probabilityDifference, Math.abs(sigmoid(margin) - (probabilities[row] ?? Number.NaN)));
        seen.add(margin);
      }
      return {
        value: marginDifference,
        samples: [marginDifference],
        rival: { name: 'limit', value: 0 },
        isMet: marginDifference === 0 && probabilityDifference <= 1e-12,
        details: { rows, trees: ensemble.trees.length, 'distinct margins': seen.size, 'largest difference of probabilities': probabilityDifference },
      };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};
