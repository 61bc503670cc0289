import { problemSchema, readinessSchema } from '@lisible/contracts';
import { z } from 'zod';
import type { OperationDescription } from '../operations/operation.ts';

type Json = { readonly [key: string]: unknown };
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly security: readonly Json[];
  readonly paths: Readonly<Record<string, Json>>;
  readonly components: Json;
}

/** The public door as OpenAPI 3.1: schemas are the very zod schemas that the routes parse and answer with. */
export const openApiDocument = (operations: readonly OperationDescription[]): OpenApiDocument => {
  const paths: Record<string, Json> = {};
  for (const operation of operations) paths[operation.path] = { ...paths[operation.path], [operation.method]: operationObject(operation) };
  return {
    openapi: '3.1.0',
    info: { title: 'Lisible', version: '1.0.0', description: 'The credit-decision platform of Prêt à dépenser: every decision readable.' },
    security: [{ bearer: [] }],
    paths: {
      ...paths,
      '/health/live': { get: health('The process runs.', z.looseObject({})) },
      '/health/ready': { get: health('A dossier can be read.', readinessSchema) },
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Audience `lisible`, claim `roles`.' } },
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
    },
  };
};

const operationObject = (operation: OperationDescription): Json => ({
  operationId: operationIdOf(operation),
  summary: operation.summary,
  ...(operation.roles === 'everyone' ? { security: [] } : { description: `Roles: ${operation.roles.join(', ')}.` }),
  parameters: [...pathParameters(operation.path), ...queryParameters(operation.query), ...headerParameters(operation.headers)],
  ...(operation.body === undefined
    ? {}
    : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(operation.body, 'input') } } } }),
  responses: {
    ...Object.fromEntries(Object.entries(operation.answers).map(([status, schema]) => [status, answer(status, schema)])),
    ...(operation.eventStream === undefined ? {} : { 200: eventStream(operation.eventStream) }),
    ...Object.fromEntries(problemsOf(operation).map((status) => [status, problem(status)])),
  },
});

const answer = (status: string, schema: z.ZodType | null): Json => ({
  description: descriptions[status] ?? 'Answer',
  ...(schema === null ? {} : { content: { 'application/json': { schema: jsonSchema(schema, 'output') } } }),
});

/** OpenAPI 3.1 has no word for the events of a stream: the schema is that of one event's data. */
const eventStream = (schema: z.ZodType): Json => ({
  description: 'Server-sent events until either side ends them',
  content: { 'text/event-stream': { schema: jsonSchema(schema, 'output') } },
});

const problem = (status: number): Json => ({
  description: descriptions[String(status)] ?? 'Problem',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const problemsOf = (operation: OperationDescription): readonly number[] => {
  const always = operation.roles === 'everyone' ? [429, 500] : [400, 401, 403, 429, 500, 503];
  return [...new Set([...always, ...(operation.problems ?? [])])].sort((a, b) => a - b);
};

const descriptions: Readonly<Record<string, string>> = {
  200: 'Found, or done',
  202: 'Received; follow Location',
  304: 'The caller holds the present version',
  400: 'The request cannot be read',
  401: 'No accepted token',
  403: 'The token’s roles do not open this',
  404: 'Not there',
  409: 'In conflict with what is stored',
  422: 'Every problem of the content, by field',
  429: 'Too many requests',
  500: 'A defect of ours',
  503: 'A service is away; the same request may succeed later',
};

const health = (description: string, schema: z.ZodType): Json => ({
  operationId: description.startsWith('The process') ? 'readLiveness' : 'readReadiness',
  summary: description,
  security: [],
  responses: {
    200: { description, content: { 'application/json': { schema: jsonSchema(schema, 'output') } } },
    503: { description: 'Not yet', content: { 'application/json': { schema: jsonSchema(schema, 'output') } } },
  },
});

const pathParameters = (path: string): readonly Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$' },
  }));

const queryParameters = (query: z.ZodObject | undefined): readonly Json[] =>
  Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !schema.safeParse(undefined).success,
    schema: jsonSchema(schema, 'output'),
  }));

const headerParameters = (headers: OperationDescription['headers']): readonly Json[] =>
  Object.entries(headers ?? {}).map(([name, description]) => ({ name, in: 'header', required: false, description, schema: { type: 'string' } }));

/** `get /v1/clients/{clientId}/explanation` → `getClientsClientIdExplanation`. */
const operationIdOf = ({ method, path }: OperationDescription): string =>
  method +
  path
    .replace(/^\/v1/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

/** OpenAPI 3.1 schemas are JSON Schema 2020-12, which zod writes. */
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
};
