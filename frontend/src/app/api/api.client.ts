import { errorCodes, keepTogether, problemSchema, type ErrorCode, type Language, type Problem } from '@lisible/contracts';
import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { inject, type InjectionKey } from 'vue';
import type { z } from 'zod';
import type { paths } from './openapi.ts';

/** `offline`: no answer came. `unreadable`: an answer came that the contract does not know. */
export type ApiFailure = 'offline' | 'unreadable' | ErrorCode;

/** Any way in which asking the gateway can fail; `failure` is what the pages put into words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly failure: ApiFailure;
  readonly problem: Problem | null;

  constructor(failure: ApiFailure, problem: Problem | null = null, options?: ErrorOptions) {
    super(failure, options);
    this.failure = failure;
    this.problem = problem;
  }

  /** Whether asking again later may succeed. */
  get isRetryable(): boolean {
    if (this.failure === 'offline') return true;
    return this.failure === 'unreadable' ? false : errorCodes[this.failure].isRetryable;
  }
}

export interface ApiClientOptions {
  /** Null while nobody is signed in. */
  readonly accessToken: () => string | null;
  readonly language: () => Language;
  /** Called when the gateway refuses the token, so that the session can be renewed. */
  readonly onUnauthenticated: () => void;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Asks the public door in the words of its OpenAPI document: paths, parameters, bodies and answers are typed by it (`npm run contracts`). */
export type ApiClient = Client<paths>;

const isErrorCode = (code: string): code is ErrorCode => code in errorCodes;

/** What a status means when the body is not the gateway's own problem (a proxy's page, say). */
const failureOfStatus = (status: number): ErrorCode => {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'route-not-found';
  if (status === 400 || status === 422) return 'request-invalid';
  return status === 502 || status === 503 || status === 504 ? 'service-unavailable' : 'internal';
};

const toApiError = async (response: Response): Promise<ApiError> => {
  const parsed = problemSchema.safeParse(await response.json().catch(() => null));
  if (!parsed.success) return new ApiError(failureOfStatus(response.status));
  const { code } = parsed.data;
  return new ApiError(isErrorCode(code) ? code : failureOfStatus(response.status), toReadable(parsed.data));
};

const toReadable = ({ detail, problems, ...problem }: Problem): Problem => ({
  ...problem,
  ...(detail === undefined ? {} : { detail: keepTogether(detail) }),
  ...(problems === undefined ? {} : { problems: problems.map((one) => ({ ...one, message: keepTogether(one.message) })) }),
});

/** Who asks, in which language; every failure becomes an `ApiError`. */
const houseRules = ({ accessToken, language, onUnauthenticated }: ApiClientOptions): Middleware => ({
  onRequest({ request }) {
    const token = accessToken();
    request.headers.set('accept', 'application/json');
    request.headers.set('accept-language', language());
    if (token !== null) request.headers.set('authorization', `Bearer ${token}`);
  },
  async onResponse({ response }) {
    if (response.ok) return;
    const error = await toApiError(response);
    if (error.failure === 'unauthenticated') onUnauthenticated();
    throw error;
  },
  onError({ error: cause, request }) {
    // An abandoned request is not a failure to put into words.
    if (!request.signal.aborted) return new ApiError('offline', null, { cause });
  },
});

export const createApiClient = (options: ApiClientOptions): ApiClient => {
  const client = createClient<paths>({ baseUrl: location.origin, fetch: options.fetch });
  client.use(houseRules(options));
  return client;
};

/** What the client gives back for a question; a body that is no JSON makes it throw. */
type Asked<Answer> = Promise<{ readonly data?: Answer }>;

/**
 * The answer, parsed with the contract's schema: a door of another version is found out here, not three components later.
 * @throws ApiError
 */
export const readAnswer = async <Documented, T extends Documented>(asked: Asked<Documented>, schema: z.ZodType<T>): Promise<T> => {
  const { data } = await asked.catch((cause: unknown) => {
    throw cause instanceof SyntaxError ? new ApiError('unreadable', null, { cause }) : cause;
  });
  const answer = schema.safeParse(data);
  if (!answer.success) throw new ApiError('unreadable', null, { cause: answer.error });
  return answer.data;
};

export const apiKey: InjectionKey<ApiClient> = Symbol('api');

export const useApi = (): ApiClient => {
  const api = inject(apiKey);
  if (api === undefined) throw new Error('No API client was provided.');
  return api;
};

/** The failure's name, whatever was thrown. */
export const failureOf = (error: unknown): ApiFailure => (error instanceof ApiError ? error.failure : 'internal');
