import { createServer } from 'node:net';
import type { Settings } from './settings.ts';
import { StartError } from './settings.ts';

/** Takes the port for a moment, before anything slow begins. @throws StartError when somebody else has it */
export const checkPortIsFree = ({ host, port }: Pick<Settings, 'host' | 'port'>): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new StartError(
          error.code === 'EADDRINUSE'
            ? `Port ${port} is in use: stop the program that listens there, or choose another port, for example PORT=${port === 65_535 ? 8080 : port + 1} npm start.`
            : `Nothing can listen on ${host}:${port} (${error.code ?? 'unknown reason'}): choose another HOST or PORT.`,
        ),
      );
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
