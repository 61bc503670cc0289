import * as fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

/** The same content with the keys of every object written in the reverse order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  );
};

describe('canonicalJson', () => {
  it('does not depend on the order of keys and loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });

  it('keeps the order of arrays and a key named __proto__', () => {
    expect(canonicalJson([2, 1])).toBe('[2,1]');
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"d":1,"c":2},"a":null}'))).toBe('{"__proto__":{"c":2,"d":1},"a":null,"b":1}');
  });
});
