import { errorCodes } from '@lisible/contracts';
import type { ErrorCode, LocalizedText, Problem } from '@lisible/contracts';
import { HttpException } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { isDatabaseUnavailable } from '../database/database-errors.ts';
import { RejectedError, TransientError } from '../errors.ts';
import { correlationIdOf } from './correlation.ts';
import { currentLanguage } from './language.ts';

/** A request as Fastify, Nest or Node give it; `id` is the correlation id where the platform's server made one. */
export interface ProblemRequest {
  readonly headers: IncomingHttpHeaders;
  readonly id?: unknown;
}

/** What the caller is told about an error, in the caller's language; a bug says nothing but `internal`. */
export const toProblem = (error: unknown, request: ProblemRequest): Problem => {
  const language = currentLanguage(request);
  const { code, status = errorCodes[code].httpStatus, detail, problems } = judge(error);
  return {
    type: `urn:lisible:problem:${code}`,
    title: titles[code][language],
    status,
    code,
    // A 5xx that nobody declared says nothing else.
    ...(detail === undefined ? {} : { detail: detail[language] }),
    correlationId: typeof request.id === 'string' ? request.id : correlationIdOf(request.headers),
    ...(problems === undefined || problems.length === 0
      ? {}
      : { problems: problems.map(({ field, code: problemCode, message }) => ({ field, code: problemCode, message: message[language] })) }),
  };
};

export const problemContentType = 'application/problem+json; charset=utf-8';

interface Judgement {
  readonly code: ErrorCode;
  /** Only where it differs from the code's own (405, 415). */
  readonly status?: number;
  readonly detail?: LocalizedText;
  readonly problems?: RejectedError['problems'];
}

const judge = (error: unknown): Judgement => {
  if (error instanceof RejectedError)
    return isServerFault(error.code) ? { code: error.code } : { code: error.code, detail: error.detail, problems: error.problems };
  // Of what the house lacks for now, only the absence of a model is the caller's business.
  if (error instanceof TransientError)
    return error.code === 'no-model' || !isServerFault(error.code) ? { code: error.code, detail: error.detail } : { code: error.code };
  if (isDatabaseUnavailable(error)) return { code: 'service-unavailable' };
  const status = statusOf(error);
  if (status === 401) return { code: 'unauthenticated' };
  if (status === 403) return { code: 'forbidden' };
  if (status === 404) return { code: 'route-not-found' };
  if (status === 413) return { code: 'request-too-large' };
  if (status === 429) return { code: 'too-many-requests' };
  if (status === 503) return { code: 'service-unavailable' };
  if (status !== null && status >= 400 && status < 500) return { code: 'request-invalid', status };
  return { code: 'internal' };
};

const isServerFault = (code: ErrorCode): boolean => errorCodes[code].httpStatus >= 500;

/** Nest's exceptions and Fastify's errors both know their status. */
const statusOf = (error: unknown): number | null => {
  if (error instanceof HttpException) return error.getStatus();
  return typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null;
};

const titles: Record<ErrorCode, LocalizedText> = {
  'application-invalid': { fr: 'La demande contient des erreurs.', en: 'The application has errors.' },
  'application-conflict': { fr: 'Une autre demande porte déjà cet identifiant.', en: 'Another application already has this identifier.' },
  'application-not-found': { fr: 'Cette demande n’existe pas.', en: 'There is no such application.' },
  'client-not-found': { fr: 'Ce client n’existe pas.', en: 'There is no such client.' },
  'decision-not-found': { fr: 'Il n’y a pas (encore) de décision.', en: 'There is no decision (yet).' },
  'explanation-not-found': { fr: 'Il n’y a pas (encore) d’explication.', en: 'There is no explanation (yet).' },
  'cohort-withheld': { fr: 'Ce groupe ne peut pas être montré.', en: 'This group cannot be shown.' },
  'cohort-unavailable': {
    fr: 'La population n’est pas encore prête pour la comparaison.',
    en: 'The population is not ready to be compared with yet.',
  },
  'policy-invalid': { fr: 'La politique proposée contient des erreurs.', en: 'The policy proposed has errors.' },
  'policy-conflict': { fr: 'La politique a changé entre-temps.', en: 'The policy has changed meanwhile.' },
  'request-invalid': { fr: 'La requête n’est pas valable.', en: 'The request is not valid.' },
  'route-not-found': { fr: 'Cette adresse n’existe pas.', en: 'There is no such address.' },
  unauthenticated: { fr: 'Il faut se connecter.', en: 'Sign-in is required.' },
  forbidden: { fr: 'Ce rôle ne donne pas ce droit.', en: 'This role does not allow that.' },
  'no-model': { fr: 'Il n’y a pas encore de modèle.', en: 'There is no model yet.' },
  'service-unavailable': { fr: 'Le service est momentanément indisponible.', en: 'The service is unavailable for now.' },
  'request-too-large': { fr: 'La requête est trop grande.', en: 'The request is too large.' },
  'too-many-requests': { fr: 'Trop de requêtes : réessayez un peu plus tard.', en: 'Too many requests: try again a little later.' },
  'training-not-found': { fr: 'Cet entraînement n’existe pas.', en: 'There is no such training.' },
  'model-not-found': { fr: 'Cette version de modèle n’existe pas.', en: 'There is no such model version.' },
  'evidence-not-found': { fr: 'Cette version n’a pas de dossier de preuve.', en: 'This version has no evidence.' },
  'training-in-progress': { fr: 'Un entraînement est déjà en cours.', en: 'A training is already running.' },
  'raw-data-invalid': { fr: 'Les données brutes contiennent des erreurs.', en: 'The raw data have errors.' },
  'artefact-invalid': { fr: 'L’artefact n’est pas valable.', en: 'The artefact is not valid.' },
  'event-invalid': { fr: 'L’événement n’est pas valable.', en: 'The event is not valid.' },
  internal: { fr: 'Une erreur interne est survenue.', en: 'An internal error occurred.' },
};
