import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { asyncApiDocument } from './async-api.ts';
import { compareSchemas } from './compare-schemas.ts';
import { documentedTopics, eventSchema } from './event-schemas.ts';
import type { JsonObject } from './json-schema.ts';

export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
/** Real events of every type and version, made by the services themselves (`tools/reliability/src/collect-golden.ts`). */
const goldenFolder = join(projectRoot, 'libs/contracts/golden');
/** The schemas as they were released; written once a version, never changed but by what breaks nobody. */
const releasedFolder = join(projectRoot, 'libs/contracts/released');
const documentsFolder = 'docs/api';
export const openApiFile = `${documentsFolder}/openapi.json`;

const objectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const readObject = (file: string): JsonObject => objectSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

/** The golden corpus, by topic. */
export const readGolden = (): ReadonlyMap<string, readonly JsonObject[]> =>
  new Map(
    readdirSync(goldenFolder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => [file.slice(0, -'.json'.length), z.array(objectSchema).parse(JSON.parse(readFileSync(join(goldenFolder, file), 'utf8')))]),
  );

export const writeGolden = (topic: string, events: readonly JsonObject[]): void => writeText(join(goldenFolder, `${topic}.json`), asText(events));

/** The generated documents by path from the project's root. */
export const contractDocuments = (): ReadonlyMap<string, string> =>
  new Map([
    ...documentedTopics.map((topic): [string, string] => [`${documentsFolder}/events/${topic.name}.json`, asText(eventSchema(topic))]),
    [`${documentsFolder}/asyncapi.json`, asText(asyncApiDocument(readGolden()))],
  ]);

/** The schemas as they were released, by topic. */
export const readReleased = (): ReadonlyMap<string, JsonObject> =>
  new Map(readdirSync(releasedFolder).map((file) => [file.slice(0, -'.json'.length), readObject(join(releasedFolder, file))]));

/** What would break somebody, by topic and place; a topic that is gone breaks everybody. */
export const listBreaks = (released: ReadonlyMap<string, JsonObject>): readonly string[] => {
  const present = new Map(documentedTopics.map((topic) => [topic.name, eventSchema(topic)]));
  return [...released].flatMap(([topic, schema]) => {
    const now = present.get(topic);
    return now === undefined ? [`${topic}: is gone`] : compareSchemas(schema, now, topic);
  });
};

/** Writes the present schemas down as released. @throws Error naming everything that would break somebody */
export const release = (): void => {
  mkdirSync(releasedFolder, { recursive: true });
  const breaks = listBreaks(readReleased());
  if (breaks.length > 0) throw new Error(`A released version may not change so; give it a new version instead:\n  ${breaks.join('\n  ')}`);
  for (const topic of documentedTopics) writeText(join(releasedFolder, `${topic.name}.json`), asText(eventSchema(topic)));
};

export const writeText = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const asText = (value: JsonObject | readonly JsonObject[]): string => `${JSON.stringify(value, null, 2)}\n`;
