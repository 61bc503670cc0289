/**
 * The demo issuer as a process of its own, for services that run apart. From the environment: `PORT`, `HOST` (loopback only),
 * `LISTEN_HOST` (`HOST`; another only in a container whose port is published on loopback alone), `DASHBOARD_ORIGINS` (with commas between
 * several), `SCRIPTS_SECRET` (of the client `scripts`). Its keys die with it.
 */
import { readEnvironment } from '@lisible/platform';
import { createServer } from 'node:http';
import { z } from 'zod';
import { createDemoIssuer } from './demo-issuer.ts';

const { HOST, LISTEN_HOST, PORT, DASHBOARD_ORIGINS, SCRIPTS_SECRET } = readEnvironment(
  z.object({
    HOST: z.string().min(1).default('127.0.0.1'),
    LISTEN_HOST: z.string().min(1).optional(),
    PORT: z.coerce.number().int().min(1).max(65_535),
    DASHBOARD_ORIGINS: z
      .string()
      .min(1)
      .transform((origins) => origins.split(',')),
    SCRIPTS_SECRET: z.string().min(16),
  }),
);
const issuer = createDemoIssuer({ origin: `http://${HOST}:${PORT}`, dashboardOrigins: DASHBOARD_ORIGINS, scriptsSecret: SCRIPTS_SECRET });
const server = createServer((request, response) => {
  if (request.url?.startsWith('/demo-issuer/') === true) issuer.handle(request, response);
  else response.writeHead(404).end();
}).listen(PORT, LISTEN_HOST ?? HOST);
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
