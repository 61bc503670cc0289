import { z } from 'zod';

/** A JSON document, or a part of one. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** JSON Schema 2020-12 of what a reader gets. */
export const toJsonSchema = (schema: z.ZodType): JsonObject => jsonObjectSchema.parse(z.toJSONSchema(schema, { io: 'output' }));

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
