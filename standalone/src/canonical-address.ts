import { isLoopback } from '@lisible/demo-issuer';
import type { FastifyInstance } from 'fastify';

/**
 * One address for the browser: tokens name their issuer by it, so `localhost` is sent on to `127.0.0.1`.
 * A name that is not this machine's own is refused (a foreign page could point its name here: DNS rebinding).
 */
export const keepOneAddress = (fastify: Pick<FastifyInstance, 'addHook'>, origin: string): void => {
  const own = new URL(origin).host;
  fastify.addHook('onRequest', (request, reply, next) => {
    const host = request.headers.host ?? '';
    if (host === own) next();
    else if (!isLoopback(hostnameOf(host))) reply.code(421).send();
    else if (request.method === 'GET' && request.headers.accept?.includes('text/html') === true) reply.redirect(origin + request.url, 307);
    else next();
  });
};

const hostnameOf = (host: string): string => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '');
