import { readinessSchema, type Language, type Readiness } from '@lisible/contracts';

/** What `/health/ready` says, or `unreachable` when nothing answers or the answer is unknown. */
export type ReadinessAnswer = Readiness | 'unreachable';

/** Asked without a token, and read whether the status is 200 or 503. */
export const askReadiness = async (language: Language, signal?: AbortSignal): Promise<ReadinessAnswer> => {
  try {
    const response = await fetch('/health/ready', { headers: { accept: 'application/json', 'accept-language': language }, signal: signal ?? null });
    const parsed = readinessSchema.safeParse(await response.json());
    return parsed.success ? parsed.data : 'unreachable';
  } catch {
    return 'unreachable';
  }
};
