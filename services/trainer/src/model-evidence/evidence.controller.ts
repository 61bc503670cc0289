import type { ErrorCode, LocalizedText, ModelEvidence } from '@lisible/contracts';
import { ARTEFACTS, RejectedError } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { EvidenceError, readEvidence } from './read-evidence.ts';

@Controller('models/:modelVersion/evidence')
export class EvidenceController {
  constructor(@Inject(ARTEFACTS) private readonly artefacts: ArtefactStore) {}

  /** @throws RejectedError model-not-found, evidence-not-found; artefact-invalid where the file is not what was written */
  @Get()
  async read(@Param('modelVersion') modelVersion: string): Promise<ModelEvidence> {
    try {
      return (await readEvidence(this.artefacts, modelVersion)).evidence;
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      const { code, detail } = answers[error.code];
      throw new RejectedError(code, detail);
    }
  }
}

const notFound: { readonly code: ErrorCode; readonly detail: LocalizedText } = {
  code: 'model-not-found',
  detail: { fr: 'Aucun modèle ne porte cette version.', en: 'No model has this version.' },
};

const answers: Readonly<Record<EvidenceError['code'], typeof notFound>> = {
  'no-model': notFound,
  'model-not-found': notFound,
  'no-evidence': {
    code: 'evidence-not-found',
    detail: {
      fr: 'Cette version a été apprise sans dossier de preuve : un nouvel entraînement en donne un.',
      en: 'This version was trained without evidence: a new training gives it.',
    },
  },
  'evidence-damaged': {
    code: 'artefact-invalid',
    detail: {
      fr: 'Le dossier de preuve de cette version n’est pas celui qui a été écrit à son entraînement.',
      en: 'The evidence of this version is not what was written at its training.',
    },
  },
};
