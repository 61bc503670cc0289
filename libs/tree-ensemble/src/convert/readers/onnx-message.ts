import { Reader } from 'protobufjs/minimal.js';
import { TreeEnsembleError } from '../../errors.ts';
import { tensorType } from '../onnx-protobuf.ts';
import { refuse } from './assembly.ts';

/** What a reader of tree ensembles needs of onnx.proto's messages; field numbers are that file's. */
export interface OnnxModel {
  /** Versions of the operators' domains; the standard one is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxInput[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

export interface OnnxNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxAttribute {
  readonly int: number | null;
  readonly text: string | null;
  readonly tensor: OnnxTensor | null;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly texts: readonly string[];
}

export interface OnnxTensor {
  readonly elementType: number;
  readonly values: readonly number[];
}

export interface OnnxInput {
  readonly name: string;
  /** Sizes of its dimensions, null where the file leaves one open. */
  readonly dimensions: readonly (number | null)[];
}

/** Decodes the bytes. Throws TreeEnsembleError `bad-format` (no such message, or cut short), `arrays-differ`, `unsupported-model`. */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  try {
    return decodeModel(bytes);
  } catch (cause) {
    if (cause instanceof TreeEnsembleError) throw cause;
    // protobufjs throws RangeError and Error, whatever the damage.
    return refuse('bad-format', 'the bytes are no ONNX model', cause);
  }
}

type WireValue =
  | { readonly wire: 'varint'; readonly number: number }
  | { readonly wire: 'bytes'; readonly bytes: Uint8Array }
  | { readonly wire: 'fixed32'; readonly number: number }
  | { readonly wire: 'fixed64'; readonly number: number };

/** Calls back for every field of a message, in order; nothing is kept, and no length is believed beyond the bytes that are there. */
function visitFields(bytes: Uint8Array, visit: (field: number, value: WireValue) => void): void {
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const key = readVarint(reader);
    const field = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        visit(field, { wire: 'varint', number: readVarint(reader) });
        break;
      case 1:
        visit(field, { wire: 'fixed64', number: reader.double() });
        break;
      case 2: {
        const length = readVarint(reader);
        if (!(length >= 0 && length <= reader.len - reader.pos)) refuse('bad-format', 'the file is cut short or a length in it is wrong');
        const begin = reader.pos;
        reader.skip(length);
        visit(field, { wire: 'bytes', bytes: bytes.subarray(begin, begin + length) });
        break;
      }
      case 5:
        visit(field, { wire: 'fixed32', number: reader.float() });
        break;
      default:
        refuse('bad-format', 'a field of the file has a wire type that ONNX does not use');
    }
  }
}

/** A signed 64-bit number; beyond 2^53 it is rounded, and is then out of every range that is asked for. */
function readVarint(reader: Reader): number {
  // Up to four bytes need no 64 bits.
  for (let length = 1; length <= 4; length++) {
    if (reader.pos + length <= reader.len && reader.buf[reader.pos + length - 1] < 128) return reader.uint32();
  }
  let bits = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    if (reader.pos >= reader.len) refuse('bad-format', 'the file is cut short');
    const byte = reader.buf[reader.pos++];
    bits |= BigInt(byte & 127) << shift;
    if (byte < 128) return Number(BigInt.asIntN(64, bits));
  }
  return refuse('bad-format', 'a number of the file has no end');
}

function decodeModel(bytes: Uint8Array): OnnxModel {
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const graphs: Uint8Array[] = [];
  visitFields(bytes, (field, value) => {
    if (field === 7) {
      graphs.push(toBytes(value));
    } else if (field === 8) {
      let domain = '';
      let version = 0;
      visitFields(toBytes(value), (part, content) => {
        if (part === 1) domain = toText(content);
        if (part === 2) version = toNumber(content);
      });
      opsets.set(domain === 'ai.onnx' ? '' : domain, version);
    } else if (field === 14) {
      let key = '';
      let text = '';
      visitFields(toBytes(value), (part, content) => {
        if (part === 1) key = toText(content);
        if (part === 2) text = toText(content);
      });
      metadata.set(key, text);
    }
  });
  const [graph] = graphs;
  if (graph === undefined || graphs.length > 1) refuse('bad-format', `the file has ${graphs.length} graphs`);
  return { opsets, metadata, ...decodeGraph(graph) };
}

function decodeGraph(bytes: Uint8Array): Pick<OnnxModel, 'nodes' | 'inputs' | 'initializers'> {
  const nodes: OnnxNode[] = [];
  const inputs: OnnxInput[] = [];
  const initializers = new Map<string, OnnxTensor>();
  visitFields(bytes, (field, value) => {
    if (field === 1) nodes.push(decodeNode(toBytes(value)));
    if (field === 5) {
      const { name, tensor } = decodeTensor(toBytes(value));
      initializers.set(name, tensor);
    }
    if (field === 11) inputs.push(decodeInput(toBytes(value)));
  });
  return { nodes, inputs, initializers };
}

function decodeNode(bytes: Uint8Array): OnnxNode {
  let operator = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  visitFields(bytes, (field, value) => {
    if (field === 1) inputs.push(toText(value));
    if (field === 2) outputs.push(toText(value));
    if (field === 4) operator = toText(value);
    if (field === 7) domain = toText(value);
    if (field === 5) {
      const { name, attribute } = decodeAttribute(toBytes(value));
      if (attributes.has(name)) refuse('bad-format', 'an operator has two attributes of the same name');
      attributes.set(name, attribute);
    }
  });
  return { operator, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes };
}

function decodeAttribute(bytes: Uint8Array): { readonly name: string; readonly attribute: OnnxAttribute } {
  let name = '';
  let int: number | null = null;
  let text: string | null = null;
  let tensor: OnnxTensor | null = null;
  const ints: number[] = [];
  const floats: number[] = [];
  const texts: string[] = [];
  visitFields(bytes, (field, value) => {
    if (field === 1) name = toText(value);
    if (field === 3) int = toNumber(value);
    if (field === 4) text = toText(value);
    if (field === 5) ({ tensor } = decodeTensor(toBytes(value)));
    if (field === 7) addNumbers(floats, value, 'fixed32');
    if (field === 8) addNumbers(ints, value, 'varint');
    if (field === 9) texts.push(toText(value));
  });
  return { name, attribute: { int, text, tensor, ints, floats, texts } };
}

function decodeTensor(bytes: Uint8Array): { readonly name: string; readonly tensor: OnnxTensor } {
  let name = '';
  let elementType = 0;
  const raw: Uint8Array[] = [];
  const dimensions: number[] = [];
  const values: number[] = [];
  visitFields(bytes, (field, value) => {
    if (field === 1) addNumbers(dimensions, value, 'varint');
    if (field === 2) elementType = toNumber(value);
    if (field === 4) addNumbers(values, value, 'fixed32');
    if (field === 5 || field === 7 || field === 11) addNumbers(values, value, 'varint');
    if (field === 8) name = toText(value);
    if (field === 9) raw.push(toBytes(value));
    if (field === 10) addNumbers(values, value, 'fixed64');
    if (field === 13) refuse('unsupported-model', 'a tensor lies outside the file');
  });
  const size = sizes.get(elementType);
  // No tree has values of other types; what a graph does with them is not read.
  if (size === undefined) return { name, tensor: { elementType, values: [] } };
  for (const part of raw) {
    if (values.length > 0) refuse('bad-format', 'a tensor holds its values twice');
    addRaw(values, part, size);
  }
  const length = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (values.length !== length) refuse('arrays-differ', `a tensor says that it holds ${length} values, and holds ${values.length}`);
  return { name, tensor: { elementType, values } };
}

/** Bytes of a value, by element type. */
const sizes: ReadonlyMap<number, number> = new Map([
  [tensorType.double, 8],
  [tensorType.float, 4],
  [tensorType.uint8, 1],
]);

/** Little-endian on every machine, as onnx.proto demands. */
function addRaw(values: number[], raw: Uint8Array, size: number): void {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (raw.byteLength % size !== 0) refuse('bad-format', 'a tensor ends within a value');
  for (let offset = 0; offset < raw.byteLength; offset += size) {
    values.push(size === 8 ? view.getFloat64(offset, true) : size === 4 ? view.getFloat32(offset, true) : raw[offset]);
  }
}

function decodeInput(bytes: Uint8Array): OnnxInput {
  let name = '';
  const dimensions: (number | null)[] = [];
  visitFields(bytes, (field, value) => {
    if (field === 1) name = toText(value);
    if (field !== 2) return;
    // TypeProto.tensor_type, its shape, the shape's dimensions.
    visitFields(toBytes(value), (kind, type) => {
      if (kind !== 1) return;
      visitFields(toBytes(type), (part, shape) => {
        if (part !== 2) return;
        visitFields(toBytes(shape), (entry, dimension) => {
          if (entry !== 1) return;
          let size: number | null = null;
          visitFields(toBytes(dimension), (content, length) => {
            if (content === 1) size = toNumber(length);
          });
          dimensions.push(size);
        });
      });
    });
  });
  return { name, dimensions };
}

/** A repeated number stands packed in bytes (proto3) or alone (proto2, as Python writes it). */
function addNumbers(numbers: number[], value: WireValue, wire: 'varint' | 'fixed32' | 'fixed64'): void {
  if (value.wire !== 'bytes') {
    if (value.wire !== wire) refuse('bad-format', 'a number of the file has another wire type than it should');
    numbers.push(value.number);
    return;
  }
  const reader = Reader.create(value.bytes);
  while (reader.pos < reader.len) numbers.push(wire === 'varint' ? readVarint(reader) : wire === 'fixed32' ? reader.float() : reader.double());
}

function toBytes(value: WireValue): Uint8Array {
  return value.wire === 'bytes' ? value.bytes : refuse('bad-format', 'a message of the file has another wire type than it should');
}

function toNumber(value: WireValue): number {
  return value.wire === 'varint' ? value.number : refuse('bad-format', 'a number of the file has another wire type than it should');
}

const decoder = new TextDecoder();

function toText(value: WireValue): string {
  return decoder.decode(toBytes(value));
}
