/**
 * The closed list of error codes. `isRetryable` says whether the same request may succeed later;
 * `httpStatus` is what the door answers with.
 */
export const errorCodes = {
  'application-invalid': { httpStatus: 422, isRetryable: false },
  'application-conflict': { httpStatus: 409, isRetryable: false },
  'application-not-found': { httpStatus: 404, isRetryable: false },
  'client-not-found': { httpStatus: 404, isRetryable: false },
  'decision-not-found': { httpStatus: 404, isRetryable: true },
  'explanation-not-found': { httpStatus: 404, isRetryable: true },
  'cohort-withheld': { httpStatus: 422, isRetryable: false },
  'cohort-unavailable': { httpStatus: 503, isRetryable: true },
  'policy-invalid': { httpStatus: 422, isRetryable: false },
  'policy-conflict': { httpStatus: 409, isRetryable: false },
  'request-invalid': { httpStatus: 400, isRetryable: false },
  'route-not-found': { httpStatus: 404, isRetryable: false },
  unauthenticated: { httpStatus: 401, isRetryable: false },
  forbidden: { httpStatus: 403, isRetryable: false },
  'no-model': { httpStatus: 503, isRetryable: true },
  'service-unavailable': { httpStatus: 503, isRetryable: true },
  'training-not-found': { httpStatus: 404, isRetryable: false },
  'training-in-progress': { httpStatus: 409, isRetryable: true },
  'model-not-found': { httpStatus: 404, isRetryable: false },
  'evidence-not-found': { httpStatus: 404, isRetryable: false },
  'raw-data-invalid': { httpStatus: 422, isRetryable: false },
  'artefact-invalid': { httpStatus: 422, isRetryable: false },
  'event-invalid': { httpStatus: 422, isRetryable: false },
  'too-many-requests': { httpStatus: 429, isRetryable: true },
  'request-too-large': { httpStatus: 413, isRetryable: false },
  internal: { httpStatus: 500, isRetryable: false },
} as const satisfies Record<string, { readonly httpStatus: number; readonly isRetryable: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

/** The same list as values, for schemas. */
export const errorCodeNames = Object.keys(errorCodes).filter((name): name is ErrorCode => name in errorCodes);
