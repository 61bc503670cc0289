import type { Language, Problem } from '@lisible/contracts';

/** The two ends of an HTTP exchange, as Fastify's raw objects or Nest's give them. */
export interface ProblemRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The caller's language from `Accept-Language` (q-values respected); French when nothing fits. */
export const currentLanguage = (request: ProblemRequest): Language => (String(request.headers['accept-language']).startsWith('en') ? 'en' : 'fr');

/** What the caller is told about an error: its code, in the caller's language; a bug says nothing but `internal`. */
export const toProblem = (error: unknown, request: ProblemRequest): Problem => ({
  type: 'about:blank', title: String(error), status: 500, code: 'internal', correlationId: String(currentLanguage(request)),
});
