import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalPart } from './local-part.ts';
import { canRun, createUnfinishedData, findAccount, findProgram, listNames, requireEntry, runToEnd } from './local-part.ts';
import type { Environment } from './parts.ts';

/** Debian keeps the server's programs off PATH, in a folder for each major version. */
const debianFolder = '/usr/lib/postgresql';

/** The folder with `initdb` and `postgres`: Debian's newest, else where PATH finds them; null when there is none. */
const findProgramFolder = (environment: Environment): string | null => {
  const majors = listNames(debianFolder).filter((name) => /^\d+$/.test(name));
  const debian = majors.sort((left, right) => Number(right) - Number(left)).map((major) => join(debianFolder, major, 'bin'));
  const initdb = findProgram('initdb', environment);
  const onPath = initdb === null ? [] : [join(initdb, '..')];
  return [...debian, ...onPath].find((folder) => canRun(join(folder, 'initdb')) && canRun(join(folder, 'postgres'))) ?? null;
};

export const localPostgresql: LocalPart = {
  name: 'postgresql',
  // "Fast": SIGTERM would wait for every client to leave first.
  stopSignal: 'SIGINT',
  patienceMs: 60_000,
  findMissing: (environment) => (findProgramFolder(environment) === null ? ['initdb, postgres (postgresql)'] : []),
  findVersion: () => null,
  // After a kill, the children of the one that was killed hold its memory for a moment.
  isPassing: (lastLines) => /is still in use|lock file "postmaster\.pid" already exists/.test(lastLines),
  async prepare({ folder, record, environment, onStep }) {
    const programs = findProgramFolder(environment);
    if (programs === null) throw new Error('no PostgreSQL here (Debian: postgresql)');
    // initdb and postgres refuse to be root.
    const account = findAccount(['postgres', 'nobody']);
    requireEntry(account, folder);
    const dataFolder = join(folder, 'data');
    if (!existsSync(dataFolder)) {
      onStep('creating its data folder');
      const unfinished = createUnfinishedData(folder);
      const passwordFile = join(folder, 'password.new');
      rmSync(passwordFile, { force: true });
      writeFileSync(passwordFile, record.postgresqlPassword, { mode: 0o600 });
      if (account !== null) for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
      // A password even on loopback: whoever else has an account here could run programs as this server's.
      const access = ['--username=lisible', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
      await runToEnd(join(programs, 'initdb'), [`--pgdata=${unfinished}`, ...access, '--encoding=UTF8', '--no-locale'], account);
      rmSync(passwordFile);
      const createDatabase = `echo 'create database lisible' | "$1/postgres" --single -D "$2" postgres`;
      await runToEnd('/bin/sh', ['-c', createDatabase, 'sh', programs, unfinished], account);
      renameSync(unfinished, dataFolder);
    }
    onStep('starting the server');
    // No socket file: its folder belongs to the distribution's own server, and its path may be too long elsewhere.
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
    const parameters = ['-D', dataFolder, '-p', String(record.ports.postgresql), ...settings.flatMap((setting) => ['-c', setting])];
    return { file: join(programs, 'postgres'), parameters, account };
  },
};
