import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

describe('the log', () => {
  it('censors what may hold a client’s data or a secret, even if somebody logs it', () => {
    const module = fileURLToPath(new URL('./log.ts', import.meta.url));
    const script = `const { createLog } = await import(${JSON.stringify(module)});
      createLog('scoring', 'info').info({ applicationId: 'a-1', features: { income: 31337 }, event: { data: { income: 31337 } }, headers: { authorization: 'Bearer 31337' } }, 'said');`;
    const { stdout } = spawnSync(process.execPath, ['--conditions=lisible-source', '--no-warnings', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toMatchObject({
      service: 'scoring',
      applicationId: 'a-1',
      features: '…',
      event: { data: '…' },
      headers: { authorization: '…' },
      msg: 'said',
    });
    expect(stdout).not.toContain('31337');
  });
});
