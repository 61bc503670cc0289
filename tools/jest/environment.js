import { TestEnvironment } from 'jest-environment-node';

/**
 * Node's environment with the host's typed arrays: onnxruntime's native binding checks tensors with `instanceof`
 * against the host's classes, which Jest's own context would otherwise replace.
 */
export default class HostTypedArraysEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const type of [
      Float32Array,
      Float64Array,
      Int8Array,
      Int16Array,
      Int32Array,
      BigInt64Array,
      Uint8Array,
      Uint16Array,
      Uint32Array,
      BigUint64Array,
      ArrayBuffer,
    ]) {
      this.global[type.name] = type;
    }
  }
}
