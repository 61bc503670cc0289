import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import { RejectedError } from '@lisible/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayOptions } from '../gateway.options.ts';

/** Everything between the socket and the controllers: limits, security headers, the dashboard's files. */
export const openDoor = async (app: NestFastifyApplication, options: GatewayOptions): Promise<void> => {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = maxBodyBytes;
  });
  // Answers about clients stay out of every cache and off the disk; what may be kept says so itself.
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/v1/')) reply.header('cache-control', 'no-store');
  });
  // Made once: Fastify's plugin for it makes a new one for each request, and what that leaves behind outlives the young collections.
  const addSecurityHeaders = helmet(securityHeaders(options));
  fastify.addHook('onRequest', (request, reply, next) => addSecurityHeaders(request.raw, reply.raw, () => next()));
  await fastify.register(rateLimit, {
    max: options.requestsPerMinute,
    timeWindow: '1 minute',
    allowList: (request) => request.url.startsWith('/health/'),
    errorResponseBuilder: (_request, context) =>
      new RejectedError('too-many-requests', {
        fr: `Plus de ${context.max} requêtes par minute : réessayez dans ${context.after}.`,
        en: `More than ${context.max} requests a minute: try again in ${context.after}.`,
      }),
  });
  await options.mount?.(app);
  if (options.dashboardFolder !== null) await serveDashboard(fastify, options.dashboardFolder);
};

/** Applications are a few kilobytes. */
const maxBodyBytes = 256 * 1024;

/**
 * The browser may load this origin's own files and nothing else; no inline script runs.
 * Charts write style attributes, hence `unsafe-inline` for styles alone.
 */
const securityHeaders = ({ browser }: GatewayOptions) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'", new URL(browser.oidc.authority).origin],
      frameSrc: ["'self'", new URL(browser.oidc.authority).origin],
      manifestSrc: ["'self'"],
      workerSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // The dashboard comes and goes over plain HTTP on a loopback address; elsewhere the ingress owns TLS and says so itself.
  hsts: false,
  referrerPolicy: { policy: 'no-referrer' as const },
  crossOriginOpenerPolicy: { policy: 'same-origin' as const },
  crossOriginResourcePolicy: { policy: 'same-origin' as const },
  xFrameOptions: { action: 'deny' as const },
});

/** The built single-page application: hashed assets for a year, everything else asked for again each time. */
const serveDashboard = async (fastify: FastifyInstance, folder: string): Promise<void> => {
  if (!existsSync(join(folder, 'index.html'))) return;
  await fastify.register(fastifyStatic, {
    root: folder,
    // Files are known at start; what is not one of them is an address of the application.
    wildcard: false,
    index: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.startsWith(join(folder, 'assets/'));
      void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const page = (request: FastifyRequest, reply: FastifyReply): unknown => {
    const isPage = !notPages.test(request.url) && request.headers.accept?.includes('text/html') === true;
    return isPage ? reply.sendFile('index.html') : reply.callNotFound();
  };
  fastify.get('/', page);
  fastify.get('/*', page);
};

/** Addresses that are never the dashboard's. */
const notPages = /^\/(v1|health|metrics|assets|demo-issuer)(\/|\?|$)/;
