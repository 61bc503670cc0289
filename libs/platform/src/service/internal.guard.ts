import { Injectable, SetMetadata } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { RejectedError } from '../errors.ts';

const publicRoute = 'lisible.public-route';

/** Opens a controller or a route to everybody (health, metrics); guards ask `isPublicRoute`. */
export const PublicRoute = (): ClassDecorator & MethodDecorator => SetMetadata(publicRoute, true);

export const isPublicRoute = (context: ExecutionContext): boolean =>
  [context.getHandler(), context.getClass()].some((target) => Reflect.getMetadata(publicRoute, target) === true);

/** Lets in whoever shows the token that the gateway and its services share. */
@Injectable()
export class InternalGuard implements CanActivate {
  readonly #digest: Buffer;

  constructor(internalToken: string) {
    this.#digest = sha256(internalToken);
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http' || isPublicRoute(context)) return true;
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    // Digests have one length, so the comparison takes the same time whatever was sent.
    const isKnown = authorization.startsWith('Bearer ') && timingSafeEqual(sha256(authorization.slice('Bearer '.length)), this.#digest);
    if (isKnown) return true;
    throw new RejectedError('unauthenticated', { fr: 'Un jeton interne valable est demandé.', en: 'A valid internal token is required.' });
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
