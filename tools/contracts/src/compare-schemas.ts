import { isObject } from './json-schema.ts';
import type { Json, JsonObject } from './json-schema.ts';

/** Words of JSON Schema that say nothing about what is valid. */
const annotations = ['$schema', '$id', 'title', 'description', 'examples', 'deprecated'];

/** On a list of values that readers must expect to grow; they treat a value that they do not know as the least specific one they know. */
const growingList = 'x-extensible-enum';

/**
 * What would break a reader or a writer of a released version, by place; empty when nothing would. A released schema may gain optional
 * properties and lose none: a reader relies on what it was told, and events of the released version lie in the topics for weeks, so what
 * is new may not be demanded, and no value may become unknown or new where the list is closed.
 */
export const compareSchemas = (released: JsonObject, present: JsonObject, place = ''): readonly string[] => {
  const words = new Set([...Object.keys(released), ...Object.keys(present)].filter((word) => !annotations.includes(word)));
  return [...words].flatMap((word) => compareWord(word, released, present, place));
};

const compareWord = (word: string, released: JsonObject, present: JsonObject, place: string): readonly string[] => {
  const [before, after] = [released[word], present[word]];
  switch (word) {
    case 'properties':
      return compareProperties(objectOf(before), objectOf(after), place);
    case 'required':
      return compareRequired(released, present, place);
    case 'enum':
      // Readers were told from the start that values may come.
      if (released[growingList] === true && present[growingList] === true && namesOf(before).every((value) => namesOf(after).includes(value)))
        return [];
      return compareValues(before, after, `${place}/${word}`);
    default:
      return compareValues(before, after, `${place}/${word}`);
  }
};

const compareProperties = (before: JsonObject, after: JsonObject, place: string): readonly string[] =>
  Object.entries(before).flatMap(([name, schema]) => {
    const now = after[name];
    if (now === undefined) return [`${place}/${name}: is gone`];
    return compareValues(schema, now, `${place}/${name}`);
  });

const compareRequired = (released: JsonObject, present: JsonObject, place: string): readonly string[] => {
  const [before, after] = [namesOf(released['required']), namesOf(present['required'])];
  const properties = objectOf(released['properties']);
  return [
    ...after.filter((name) => !before.includes(name)).map((name) => `${place}/${name}: is demanded, which events of the released version lack`),
    ...before
      .filter((name) => !after.includes(name) && name in properties && name in objectOf(present['properties']))
      .map((name) => `${place}/${name}: may be absent now, where readers rely on it`),
  ];
};

const compareValues = (before: Json | undefined, after: Json | undefined, place: string): readonly string[] => {
  if (isObject(before) && isObject(after)) return compareSchemas(before, after, place);
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(isObject)) {
    if (before.length !== after.length) return [`${place}: had ${before.length} alternatives, has ${after.length}`];
    return before.flatMap((one: Json, index) => compareValues(one, after[index], `${place}/${index}`));
  }
  return JSON.stringify(before) === JSON.stringify(after)
    ? []
    : [`${place}: was ${JSON.stringify(before) ?? 'not said'}, is ${JSON.stringify(after) ?? 'not said'}`];
};

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const namesOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
