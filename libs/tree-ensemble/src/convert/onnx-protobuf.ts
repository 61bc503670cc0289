import type { Writer } from 'protobufjs/minimal.js';

// Field numbers and enum values of onnx.proto3.
export const tensorType = { float: 1, uint8: 2, double: 11 } as const;
export const attributeType = { int: 2, string: 3, tensor: 4, ints: 7, strings: 8 } as const;

export function tag(field: number, wire: 'varint' | 'bytes'): number {
  return (field << 3) | (wire === 'bytes' ? 2 : 0);
}

export function writeMessage(writer: Writer, field: number, write: (message: Writer) => void): void {
  writer.uint32(tag(field, 'bytes')).fork();
  write(writer);
  writer.ldelim();
}

export function writeOpset(model: Writer, domain: string, version: number): void {
  writeMessage(model, 8, (opset) => {
    opset.uint32(tag(1, 'bytes')).string(domain);
    opset.uint32(tag(2, 'varint')).int64(version);
  });
}

export function writeNodeNames(node: Writer, input: string, output: string, operator: string): void {
  node.uint32(tag(1, 'bytes')).string(input);
  node.uint32(tag(2, 'bytes')).string(output);
  node.uint32(tag(3, 'bytes')).string(output);
  node.uint32(tag(4, 'bytes')).string(operator);
}

export function writeMatrix(value: Writer, name: string, elementType: number, numColumns: number): void {
  value.uint32(tag(1, 'bytes')).string(name);
  writeMessage(value, 2, (type) =>
    writeMessage(type, 1, (tensor) => {
      tensor.uint32(tag(1, 'varint')).int32(elementType);
      writeMessage(tensor, 2, (shape) => {
        writeMessage(shape, 1, (dimension) => dimension.uint32(tag(2, 'bytes')).string('N'));
        writeMessage(shape, 1, (dimension) => dimension.uint32(tag(1, 'varint')).int64(numColumns));
      });
    }),
  );
}

export function writeAttribute(node: Writer, name: string, type: number, write: (attribute: Writer) => void): void {
  writeMessage(node, 5, (attribute) => {
    attribute.uint32(tag(1, 'bytes')).string(name);
    write(attribute);
    attribute.uint32(tag(20, 'varint')).int32(type);
  });
}

export function writeIntAttribute(node: Writer, name: string, value: number): void {
  writeAttribute(node, name, attributeType.int, (attribute) => attribute.uint32(tag(3, 'varint')).int64(value));
}

export function writeIntsAttribute(node: Writer, name: string, values: readonly number[]): void {
  writeAttribute(node, name, attributeType.ints, (attribute) =>
    writeMessage(attribute, 8, (packed) => values.forEach((value) => packed.int64(value))),
  );
}

export function writeStringAttribute(node: Writer, name: string, value: string): void {
  writeAttribute(node, name, attributeType.string, (attribute) => attribute.uint32(tag(4, 'bytes')).string(value));
}

export function writeStringsAttribute(node: Writer, name: string, values: readonly string[]): void {
  writeAttribute(node, name, attributeType.strings, (attribute) => values.forEach((value) => attribute.uint32(tag(9, 'bytes')).string(value)));
}

export function writeDoublesAttribute(node: Writer, name: string, values: readonly number[]): void {
  writeTensorAttribute(node, name, tensorType.double, values.length, doubleBytes(values));
}

export function writeTensorAttribute(node: Writer, name: string, type: number, length: number, bytes: Uint8Array): void {
  writeAttribute(node, name, attributeType.tensor, (attribute) =>
    writeMessage(attribute, 5, (tensor) => {
      tensor.uint32(tag(1, 'varint')).int64(length);
      tensor.uint32(tag(2, 'varint')).int32(type);
      tensor.uint32(tag(8, 'bytes')).string(name);
      tensor.uint32(tag(9, 'bytes')).bytes(bytes);
    }),
  );
}

/** Little-endian, as `raw_data` demands on every machine. */
export function doubleBytes(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, position) => view.setFloat64(position * 8, value, true));
  return new Uint8Array(view.buffer);
}
