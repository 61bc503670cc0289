/**
 * Compiles every `kernels/NAME.kernel.ts` (AssemblyScript) to `src/kernels/NAME.wasm.ts`, the module's bytes as base64 text: read from
 * sources, from the build and by a bundler alike, with no file to find at run time.
 *
 * `node kernels/compile.ts` writes; with `--check` it compares instead and fails where a written module is not what its source says.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('.', import.meta.url));
const suffix = '.kernel.ts';

/**
 * No garbage collector and no data of its own: a kernel works at addresses of the memory that its caller lays out. Nothing relaxed
 * and nothing fused, so that every machine computes the same bits.
 */
const options = ['--runtime', 'stub', '-O3', '--converge', '--noAssert', '--importMemory', '--enable', 'simd', '--enable', 'bulk-memory'];
/** A kernel whose first line says `// shared memory` works in the memory of several threads, up to 4 GiB. */
const shared = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];

const compile = async (name: string, source: string): Promise<string> => {
  let bytes: Uint8Array | null = null;
  const complaints: string[] = [];
  const { error } = await main(
    [`${name}${suffix}`, '--outFile', `${name}.wasm`, ...options, ...(source.startsWith('// shared memory') ? shared : [])],
    {
      readFile: (file) => (file === `${name}${suffix}` ? source : null),
      writeFile: (file, contents) => {
        if (file.endsWith('.wasm') && typeof contents !== 'string') bytes = contents;
      },
      listFiles: () => [],
      stderr: { write: (chunk) => void complaints.push(String(chunk)) },
    },
  );
  if (error !== null) throw new Error(`${name}${suffix}: ${error.message}\n${complaints.join('')}`);
  if (bytes === null) throw new Error(`${name}${suffix}: the compiler wrote nothing`);
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,140}/g) ?? [];
  const text = lines.map((line) => `  '${line}'`).join(' +\n');
  return `/** Made by \`npm run kernels\` from kernels/${name}${suffix}; not to be changed by hand. */\nexport const ${name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Wasm =\n${text};\n`;
};

const isCheck = process.argv.includes('--check');
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const names = readdirSync(folder)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .filter((name) => only.length === 0 || only.includes(name));
for (const name of names) {
  const written = fileURLToPath(new URL(`../src/kernels/${name}.wasm.ts`, import.meta.url));
  const made = await compile(name, readFileSync(`${folder}${name}${suffix}`, 'utf8'));
  if (!isCheck) writeFileSync(written, made);
  else if (readFileSync(written, 'utf8') !== made) {
    console.error(`src/kernels/${name}.wasm.ts is not what kernels/${name}${suffix} compiles to: run npm run kernels`);
    process.exitCode = 1;
  }
}
