import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

describe('the written kernels', () => {
  it('are what their sources compile to', () => {
    const compiler = fileURLToPath(new URL('../../kernels/compile.ts', import.meta.url));
    expect(execFileSync(process.execPath, [compiler, '--check'], { encoding: 'utf8' })).toBe('');
  }, 60_000);
});
