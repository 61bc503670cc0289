import type { TreeEnsemble } from './tree-ensemble.ts';

export function toOnnx(ensemble: TreeEnsemble): Uint8Array {
  throw new Error(`not written yet (${ensemble.trees.length})`);
}
