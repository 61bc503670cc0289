import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '@lisible/contracts';
import { applicationSchema, artefactKeys, snapshotFiles, snapshotPointerSchema } from '@lisible/contracts';

/** The unlabelled applications of a state folder's current population snapshot. */
export function readUnlabelled(home: string): readonly Application[] {
  const artefacts = join(home, 'artefacts');
  const pointer = snapshotPointerSchema.parse(JSON.parse(readFileSync(join(artefacts, artefactKeys.currentSnapshot), 'utf8')));
  const lines = readFileSync(join(artefacts, artefactKeys.snapshot(pointer.snapshotId, snapshotFiles.unlabelled)), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => applicationSchema.parse(JSON.parse(line)));
}
