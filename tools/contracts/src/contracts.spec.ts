import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { applicationSchema } from '@lisible/contracts';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { clientTypes, clientTypesFile, compareSchemas, contractDocuments, documentedTopics, eventSchema, listBreaks, projectRoot, readGolden, readReleased } from './index.ts';
import type { JsonObject } from './index.ts';

const require = createRequire(import.meta.url);
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const golden = readGolden();

describe('the published documents', () => {
  it.each([...contractDocuments()])('%s is what the code says (npm run contracts)', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('are what the dashboard is typed by (npm run contracts)', async () => {
    expect(read(clientTypesFile)).toBe(await clientTypes());
  });

  it('are AsyncAPI 3.0, by its own schema', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(ajv);
    const isAsyncApi = ajv.compile(require('@asyncapi/specs/schemas/3.0.0-without-$id.json'));
    const document = JSON.parse(read('docs/api/asyncapi.json'));
    expect([isAsyncApi(document), isAsyncApi.errors]).toEqual([true, null]);
    expect([isAsyncApi({ ...document, channels: [] }), isAsyncApi({ ...document, operations: { x: {} } })]).toEqual([false, false]);
    expect(Object.keys(document.channels)).toEqual(documentedTopics.map(({ name }) => name));
  });

  it('are OpenAPI 3.1, by its own schema, with an identifier of its own for each operation', async () => {
    const document = JSON.parse(read('docs/api/openapi.json'));
    const { valid, errors } = await new Validator().validate(document);
    expect([valid, errors]).toEqual([true, undefined]);
    const operations = Object.values<Record<string, { operationId: string; summary: string }>>(document.paths).flatMap((path) => Object.values(path));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(operations.filter(({ summary }) => summary === undefined || summary === '')).toEqual([]);
  });
});

describe.each(documentedTopics.map((topic) => [topic.name, topic] as const))('%s', (name, topic) => {
  const events = golden.get(name) ?? [];
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  formats.default(ajv);
  ajv.addKeyword('x-extensible-enum');

  it('has a schema that accepts what the services wrote, and refuses it under another type', () => {
    const isEvent = ajv.compile(eventSchema(topic));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect([isEvent(event), isEvent.errors]).toEqual([true, null]);
      expect(isEvent({ ...event, type: `${name}x` })).toBe(false);
      expect(isEvent({ ...event, data: undefined })).toBe(false);
    }
  });

  it('reads what the services wrote, and loses nothing of it', () => {
    for (const event of events) expect(topic.schema.parse(event)).toEqual(event);
  });
});

describe('a released version', () => {
  it('still is what it was', () => {
    const released = readReleased();
    expect([...released.keys()].toSorted()).toEqual(documentedTopics.map(({ name }) => name).toSorted());
    expect(listBreaks(released)).toEqual([]);
  });

  const base: JsonObject = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      kind: { type: 'string', enum: ['a', 'b'] },
      note: { type: 'string' },
      inner: { anyOf: [{ type: 'object', properties: { amount: { type: 'number', minimum: 0 } }, required: ['amount'] }, { type: 'null' }] },
      list: { type: 'array', items: { type: 'string' } },
    },
    required: ['id', 'kind', 'inner'],
  };
  const properties = base['properties'] as JsonObject;
  const having = (changed: JsonObject, required = base['required'] as readonly string[]): JsonObject => ({
    ...base,
    properties: { ...properties, ...changed },
    required,
  });
  const { note: _gone, ...withoutNote } = properties;

  it('may gain optional properties and other words', () => {
    expect(compareSchemas(base, base)).toEqual([]);
    expect(compareSchemas(base, having({ more: { type: 'string' }, note: { type: 'string', description: 'said' } }))).toEqual([]);
  });

  it('may gain values of a list that was declared to grow', () => {
    const growing = (values: readonly string[]): JsonObject => having({ kind: { type: 'string', enum: values, 'x-extensible-enum': true } });
    expect(compareSchemas(growing(['a', 'b']), growing(['c', 'b', 'a']))).toEqual([]);
    expect(compareSchemas(growing(['a', 'b']), growing(['a', 'c']))).toEqual([expect.stringContaining('/kind/enum')]);
    expect(compareSchemas(having({}), growing(['a', 'b']))).toHaveLength(1);
  });

  it.each<[string, JsonObject, string]>([
    ['lose a property', { ...base, properties: withoutNote }, '/note: is gone'],
    ['demand a new property', having({ more: { type: 'string' } }, ['id', 'kind', 'inner', 'more']), '/more: is demanded'],
    ['demand an old one that was optional', having({}, ['id', 'kind', 'inner', 'note']), '/note: is demanded'],
    ['no longer promise a property', having({}, ['id', 'inner']), '/kind: may be absent'],
    ['change a type', having({ id: { type: 'number' } }), '/id/type'],
    ['lose a value of a list', having({ kind: { type: 'string', enum: ['a'] } }), '/kind/enum'],
    ['gain a value of a list', having({ kind: { type: 'string', enum: ['a', 'b', 'c'] } }), '/kind/enum'],
    ['narrow a range', having({ note: { type: 'string', maxLength: 3 } }), '/note/maxLength'],
    ['lose an alternative', having({ inner: { anyOf: [{ type: 'null' }] } }), '/inner/anyOf'],
    [
      'change something deep inside',
      having({
        inner: { anyOf: [{ type: 'object', properties: { amount: { type: 'number', minimum: 1 } }, required: ['amount'] }, { type: 'null' }] },
      }),
      '/inner/anyOf/0/amount/minimum',
    ],
    ['change what a list holds', having({ list: { type: 'array', items: { type: 'number' } } }), '/list/items/type'],
    ['close what was open', { ...base, additionalProperties: false }, '/additionalProperties'],
  ])('may not %s', (_, changed, place) => {
    expect(compareSchemas(base, changed)).toEqual([expect.stringContaining(place)]);
  });
});

describe('docs/api/README.md', () => {
  const examples = [...read('docs/api/README.md').matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => JSON.parse(text) as JsonObject);

  it('shows messages and bodies that are valid', () => {
    expect(examples.length).toBeGreaterThanOrEqual(4);
    for (const example of examples) {
      const topic = documentedTopics.find(({ name }) => name === example['type']);
      expect((topic?.schema ?? applicationSchema).safeParse(example).error).toBeUndefined();
    }
    expect(new Set(examples.map(({ type }) => type))).toEqual(
      new Set([
        undefined,
        'credit.application.submitted.v1',
        'credit.application.decided.v1',
        'credit.decision.explained.v1',
        'credit.application.dead-letter.v1',
      ]),
    );
  });
});
