/**
 * Instantiates a compiled kernel over a memory that the caller lays out; `names` are the functions that it must export.
 *
 * @param base64 - the module, as written into `NAME.wasm.ts`
 * @throws Error where the module exports no such function: the module was not compiled from the source that its caller knows
 */
export function openKernel<Name extends string>(
  base64: string,
  memory: WebAssembly.Memory,
  names: readonly Name[],
): Readonly<Record<Name, (...parameters: number[]) => number>> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(decodeBase64(base64)), { env: { memory, abort } });
  if (!hasFunctions(exports, names)) throw new Error(`the kernel does not export all of ${names.join(', ')}`);
  return exports;
}

function hasFunctions<Name extends string>(
  exports: object,
  names: readonly Name[],
): exports is Readonly<Record<Name, (...parameters: number[]) => number>> {
  return names.every((name) => typeof Reflect.get(exports, name) === 'function');
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** What AssemblyScript calls where it cannot go on. */
function abort(): never {
  throw new Error('a kernel stopped: an invariant of its caller does not hold');
}
