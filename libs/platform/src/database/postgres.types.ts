import { types } from 'pg';

type Parse = (text: string) => unknown;

const asIs: Parse = (text) => text;
const toNumber: Parse = (text) => Number(text);
const toInteger: Parse = (text) => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
};
const toMoment: Parse = (text) => {
  if (text === 'infinity') return Infinity;
  return text === '-infinity' ? -Infinity : new Date(text);
};
const toJson: Parse = (text) => JSON.parse(text);
const toBytes: Parse = (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex'));

/** Oid of a type, oid of its array, and what a value becomes (PostgreSQL's pg_type.dat). */
const known: readonly (readonly [oid: number, arrayOid: number, parse: Parse])[] = [
  [16, 1000, (text) => text === 't'], // bool
  [17, 1001, toBytes], // bytea
  [19, 1003, asIs], // name
  [20, 1016, toInteger], // int8
  [21, 1005, toNumber], // int2
  [23, 1007, toNumber], // int4
  [25, 1009, asIs], // text
  [26, 1028, toNumber], // oid
  [114, 199, toJson], // json
  [700, 1021, toNumber], // float4
  [701, 1022, toNumber], // float8
  [1043, 1015, asIs], // varchar
  [1082, 1182, toMoment], // date: midnight UTC
  [1114, 1115, toMoment], // timestamp
  [1184, 1185, toMoment], // timestamptz
  [1700, 1231, asIs], // numeric: a decimal that no double holds
  [2950, 2951, asIs], // uuid
  [3802, 3807, toJson], // jsonb
];

/** Of text[]; `number`, because the client's own types list no arrays. */
const textArrayOid: number = 1009;
const splitArray: Parse = types.getTypeParser(textArrayOid, 'text');

const eachOf =
  (parse: Parse): Parse =>
  (text) => {
    const through = (element: unknown): unknown => {
      if (Array.isArray(element)) return element.map(through);
      return typeof element === 'string' ? parse(element) : element;
    };
    return through(splitArray(text));
  };

const parsers = new Map(
  known.flatMap(([oid, arrayOid, parse]): [number, Parse][] => [
    [oid, parse],
    [arrayOid, eachOf(parse)],
  ]),
);

/** Values as PGlite gives them, so that one service's code reads the same from both databases; the client's own way differs for int8, date and interval. */
export const sameTypesAsEmbedded = { getTypeParser: (oid: number): Parse => parsers.get(oid) ?? asIs };
