import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '@lisible/contracts';
import type { ArtefactStore } from '@lisible/platform';
import { readEvidence } from '../model-evidence/read-evidence.ts';
import { renderReport } from './render-report.ts';

export interface ReportOrder {
  /** Made when it is not there; the folder above it must be. */
  readonly outDir: string;
  /** The champion when null. */
  readonly modelVersion: string | null;
  readonly language: Language;
}

/** The folder cannot be written to; the message is one sentence. */
export class ReportFolderError extends Error {
  override readonly name = 'ReportFolderError';
}

/**
 * Writes `index.html` (self-contained) and `evidence.json` of a model version into a folder. Reads the artefact alone: a platform that
 * runs on it is not touched.
 * @throws EvidenceError, ReportFolderError
 */
export const writeReport = async (
  artefacts: ArtefactStore,
  { outDir, modelVersion, language }: ReportOrder,
): Promise<{ readonly modelVersion: string }> => {
  const { evidence, bytes } = await readEvidence(artefacts, modelVersion);
  // Loaded here alone: a service that never writes a report has no use for a drawing library.
  const { drawPlot, legendOf } = await import('./vega.plots.ts');
  const page = await renderReport(evidence, language, { draw: (plot, words) => drawPlot(plot, { ...words, language }), legendOf });
  try {
    await makeOne(outDir);
    await writeFile(join(outDir, 'evidence.json'), bytes);
    await writeFile(join(outDir, 'index.html'), page);
  } catch (error) {
    throw new ReportFolderError(`Nothing can be written into ${outDir}: ${error instanceof Error ? error.message : 'no reason given'}.`);
  }
  return { modelVersion: evidence.modelVersion };
};

/** The folder itself, not those above it: Node's recursive mkdir never comes back from a place such as /proc. */
const makeOne = async (folder: string): Promise<void> => {
  if (!existsSync(folder)) await mkdir(folder);
};
