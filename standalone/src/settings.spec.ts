import { EnvironmentError } from '@lisible/platform';
import { createServer } from 'node:net';
import { checkPortIsFree } from './free-port.ts';
import { oneSentence } from './one-sentence.ts';
import { showProgress } from './progress.ts';
import { StartError, originOf, readSettings } from './settings.ts';
import { trainingFailure } from './training-failure.ts';

describe('settings', () => {
  it('have defaults, and paths meant from where the person stands', () => {
    expect(readSettings({ INIT_CWD: '/somewhere', DATA_DIR: 'tables', PORT: '' })).toEqual({
      home: '/somewhere/.lisible',
      host: '127.0.0.1',
      port: 8080,
      dataDir: '/somewhere/tables',
      lender: 'home-credit',
      syntheticClients: 10_000,
      studies: 'full',
      logLevel: 'warn',
    });
    expect(originOf({ host: '::1', port: 9 })).toBe('http://[::1]:9');
  });

  it('name every bad key at once and echo no value', () => {
    const read = () => readSettings({ PORT: '99999999', SYNTHETIC_CLIENTS: 'secret', LOG_LEVEL: 'loud' });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(/PORT.*SYNTHETIC_CLIENTS.*LOG_LEVEL/);
    expect(read).not.toThrow(/secret|loud/);
  });

  it('take a lender that there is, and say which there are', () => {
    expect(readSettings({ LENDER: 'home-credit' }).lender).toBe('home-credit');
    expect(() => readSettings({ LENDER: 'corner-shop' })).toThrow(/LENDER is none of the lenders there are \(home-credit/);
  });

  it('keep the demo sign-in on this machine', () => {
    expect(() => readSettings({ HOST: '0.0.0.0' })).toThrow(StartError);
    expect(readSettings({ HOST: 'localhost' }).host).toBe('localhost');
  });
});

describe('a start that cannot succeed', () => {
  it('says which port is taken and how to choose another', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await expect(checkPortIsFree({ host: '127.0.0.1', port })).rejects.toThrow(
      `Port ${port} is in use: stop the program that listens there, or choose another port, for example PORT=`,
    );
    await new Promise((resolve) => other.close(resolve));
    await expect(checkPortIsFree({ host: '127.0.0.1', port })).resolves.toBeUndefined();
  });

  it('lists every problem of the raw tables', () => {
    const problems = [
      { table: 'application_train', column: 'TARGET', row: 3, reason: 'not 0 or 1' },
      { table: 'application_test', column: null, row: null, reason: 'empty' },
    ];
    expect(trainingFailure({ message: '2 problems', problems }, '/raw').split('\n')).toEqual([
      'The raw tables in /raw cannot be learnt from: mend these 2 problems and start again.',
      '  application_train, TARGET, row 3: not 0 or 1',
      '  application_test: empty',
    ]);
    expect(trainingFailure({ message: '1 problem', problems: problems.slice(1) }, '/raw')).toContain('mend this problem and start again');
  });

  it('shows a stack only for a defect of ours', () => {
    expect(oneSentence(new StartError('One sentence.'))).toBe('One sentence.');
    expect(oneSentence(new TypeError('oops'))).toContain('defect');
  });
});

describe('progress without a terminal', () => {
  it('is a line for new work or ten more percent, and the last word', () => {
    const lines: string[] = [];
    const progress = showProgress('Training', { write: (text: string) => lines.push(text) });
    progress.report(0, 'reading');
    progress.report(0.11, 'fold 1 of 5, round 10');
    progress.report(0.12, 'fold 1 of 5, round 20');
    progress.report(0.21, 'fold 2 of 5, round 1');
    progress.end('done');
    expect(lines).toEqual([
      'Training:   0 %  reading\n',
      'Training:  11 %  fold 1 of 5, round 10\n',
      'Training:  21 %  fold 2 of 5, round 1\n',
      'Training: done\n',
    ]);
  });
});
