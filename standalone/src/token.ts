import { roleSchema, roles } from '@lisible/contracts';
import { parseArgs } from 'node:util';
import { runCommand } from './one-sentence.ts';
import { findDoor, requestToken } from './script-credentials.ts';
import { StartError, readSettings } from './settings.ts';

const readRole = (): string | undefined => {
  try {
    return parseArgs({ options: { role: { type: 'string' } } }).values.role;
  } catch {
    return undefined;
  }
};

/** `npm run --silent token -- --role advisor`: prints an access token of the running platform and nothing else. */
runCommand(async () => {
  const { home } = readSettings();
  const role = roleSchema.safeParse(readRole()).data;
  if (role === undefined) throw new StartError(`Say which role the token is for: npm run --silent token -- --role ${roles.join('|')}`);
  const door = await findDoor(home);
  const token = door === null ? null : await requestToken(door, role);
  if (token === null) throw new StartError(`Lisible is not running on ${home}: start it with npm start, then ask again.`);
  process.stdout.write(`${token}\n`);
});
