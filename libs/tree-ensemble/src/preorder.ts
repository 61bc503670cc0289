import type { Tree } from './tree-ensemble.ts';

/** Every node of the tree, the root first, each node before its left branch and that before its right. */
export function walkInPreorder(tree: Tree): number[] {
  const order: number[] = [];
  const pending = [0];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    order.push(node);
    if (tree.leftChild[node] >= 0) pending.push(tree.rightChild[node], tree.leftChild[node]);
  }
  return order;
}
