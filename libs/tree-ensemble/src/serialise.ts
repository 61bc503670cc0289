import type { TreeEnsemble } from './tree-ensemble.ts';

export function serialiseTrees(ensemble: TreeEnsemble): string {
  throw new Error(`not written yet (${ensemble.trees.length})`);
}

export function parseTrees(text: string): TreeEnsemble {
  throw new Error(`not written yet (${text.length})`);
}
