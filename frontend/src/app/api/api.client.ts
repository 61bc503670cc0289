import { errorCodes, problemSchema, type ErrorCode, type Language, type Problem } from '@lisible/contracts';
import { inject, type InjectionKey } from 'vue';
import type { z } from 'zod';

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
  readonly fetch: typeof globalThis.fetch;
}

export interface ApiClient {
  /** Asks the gateway and parses its answer with the contract's schema. Throws `ApiError`. */
  get<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T>;
  /** The same with a question in the body, as JSON: what must not stand in an address. */
  post<T>(path: string, body: unknown, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T>;
}

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
  return new ApiError(isErrorCode(code) ? code : failureOfStatus(response.status), parsed.data);
};

export const createApiClient = (options: ApiClientOptions): ApiClient => {
  const ask = async <T>(path: string, question: { readonly body?: unknown }, schema: z.ZodType<T>, signal: AbortSignal | undefined): Promise<T> => {
    const token = options.accessToken();
    const headers: Record<string, string> = { accept: 'application/json', 'accept-language': options.language() };
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    const request: RequestInit = { headers, signal: signal ?? null };
    if (question.body !== undefined) {
      headers['content-type'] = 'application/json';
      request.method = 'POST';
      request.body = JSON.stringify(question.body);
    }
    const response = await options.fetch(path, request).catch((cause: unknown) => {
      // An abandoned request is not a failure to put into words.
      if (signal?.aborted === true) throw cause;
      throw new ApiError('offline', null, { cause });
    });
    if (!response.ok) {
      const error = await toApiError(response);
      if (error.failure === 'unauthenticated') options.onUnauthenticated();
      throw error;
    }
    const answer = schema.safeParse(await response.json().catch(() => undefined));
    if (!answer.success) throw new ApiError('unreadable', null, { cause: answer.error });
    return answer.data;
  };
  return {
    get: (path, schema, signal) => ask(path, {}, schema, signal),
    post: (path, body, schema, signal) => ask(path, { body }, schema, signal),
  };
};

export const apiKey: InjectionKey<ApiClient> = Symbol('api');

export const useApi = (): ApiClient => {
  const api = inject(apiKey);
  if (api === undefined) throw new Error('No API client was provided.');
  return api;
};

/** The failure's name, whatever was thrown. */
export const failureOf = (error: unknown): ApiFailure => (error instanceof ApiError ? error.failure : 'internal');
