import type { LocalPart } from './local-part.ts';
import { findAccount, findProgram } from './local-part.ts';

export const localRedis: LocalPart = {
  name: 'redis',
  stopSignal: 'SIGTERM',
  patienceMs: 30_000,
  findMissing: (environment) => (findProgram('redis-server', environment) === null ? ['redis-server (redis-server)'] : []),
  findVersion: () => null,
  isPassing: () => false,
  async prepare({ record, environment, onStep }) {
    const file = findProgram('redis-server', environment);
    if (file === null) throw new Error('no Redis here (Debian: redis-server)');
    onStep('starting the server');
    // A cache: nothing is written to disk, and the oldest keys make room.
    const cache = ['--save', '', '--appendonly', 'no', '--maxmemory', '256mb', '--maxmemory-policy', 'allkeys-lru'];
    // Without a password, so not as root: whoever else has an account here may talk to it.
    const account = findAccount(['redis', 'nobody']);
    return { file, parameters: ['--bind', '127.0.0.1', '--port', String(record.ports.redis), '--daemonize', 'no', ...cache], account };
  },
};
