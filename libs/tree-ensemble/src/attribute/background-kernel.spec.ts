import * as fc from 'fast-check';
import { arbitraryEnsemble, arbitraryRow } from '../arbitrary-ensemble.testing.ts';
import { prepareProgram } from './background-explainer.ts';
import { addLeavesInTypeScript, addTablesInTypeScript, meetConditionsInTypeScript } from './background-kernel.testing.ts';
import { numLanes } from './background-program.ts';
import { backgroundExplainerWasm } from '../kernels/background-explainer.wasm.ts';
import { openKernel } from '../kernels/open-kernel.ts';

const numFeatures = 5;

describe('the kernel of the background explainer', () => {
  it('computes the bits of its twin in TypeScript', () => {
    fc.assert(
      fc.property(
        arbitraryEnsemble(numFeatures, { maxDepth: 6, maxTrees: 5 }),
        fc.array(arbitraryRow(numFeatures), { minLength: 1, maxLength: 80 }),
        fc.array(arbitraryRow(numFeatures), { minLength: numLanes, maxLength: numLanes }),
        fc.constantFrom(0, 3000, 2 ** 22),
        fc.integer({ min: 1, max: numLanes }),
        (ensemble, background, rows, maxTableBytes, numRows) => {
          const matrix = { numRows: background.length, numFeatures, values: Float32Array.from(background.flat()) };
          const steps = prepareProgram(ensemble, matrix, maxTableBytes);
          let step = steps.next();
          while (step.done !== true) step = steps.next();
          const { memory, layout } = step.value;
          const kernel = openKernel(backgroundExplainerWasm, memory, ['meetConditions', 'addTables', 'addLeaves']);
          const values = new Float64Array(memory.buffer, layout.values, numFeatures * numLanes);
          rows.forEach((row, lane) => row.forEach((value, feature) => (values[feature * numLanes + lane] = value)));
          const conditions = new Uint8Array(memory.buffer, layout.conditions, layout.values - layout.conditions);
          const shapValues = new Float64Array(memory.buffer, layout.shapValues, numFeatures * numLanes);
          const { buffer } = memory;

          kernel.meetConditions(layout.segments, layout.numSegments, layout.values, layout.thresholds, layout.defaultsLeft, layout.conditions);
          const answered = conditions.slice();
          kernel.addTables(layout.blocks, layout.numBlocks, layout.scratch, layout.shapValues, numFeatures * 8, numRows);
          const looked = shapValues.slice();
          kernel.addLeaves(
            layout.leaves,
            layout.numLeaves,
            layout.scratch,
            layout.gains,
            layout.losses,
            layout.weightStride,
            layout.shapValues,
            numFeatures * 8,
            numRows,
          );
          const added = shapValues.slice();

          conditions.fill(7);
          meetConditionsInTypeScript(buffer, layout);
          expect(conditions).toEqual(answered);
          shapValues.fill(0);
          addTablesInTypeScript(buffer, layout, numRows);
          expect(shapValues).toEqual(looked);
          addLeavesInTypeScript(buffer, layout, numRows);
          expect(shapValues).toEqual(added);
        },
      ),
      { seed: 5, numRuns: 150 },
    );
  });
});
