import type { Role } from '@lisible/contracts';
import { RejectedError, isPublicRoute } from '@lisible/platform';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperationMetadata } from '../operations/operation.ts';
import { rememberCaller } from './caller.ts';
import { TokenVerifier, notSignedIn } from './token.verifier.ts';

/** Lets a request in when its token holds one of the roles that the operation declares. What declares nothing is closed, but for health. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(TokenVerifier) private readonly verifier: TokenVerifier,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Events of the broadcast subscription come from inside.
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const operation = this.reflector.get(OperationMetadata, context.getHandler());
    const isMachineRoom = operation === undefined && isPublicRoute(context);
    if (isMachineRoom && isHealthPath(request.url)) return true;
    // The platform opens its metrics to everybody inside; from outside they are for whoever runs the house.
    const allowed = operation?.roles ?? (isMachineRoom ? machineRoomRoles : []);
    if (allowed === 'everyone') return true;
    const token = bearerOf(request.headers.authorization);
    if (token === null) {
      context.switchToHttp().getResponse<FastifyReply>().header('www-authenticate', 'Bearer');
      throw notSignedIn('missing');
    }
    const caller = await this.verifier.verify(token).catch((error: unknown) => {
      if (error instanceof RejectedError)
        context.switchToHttp().getResponse<FastifyReply>().header('www-authenticate', 'Bearer error="invalid_token"');
      throw error;
    });
    if (!allowed.some((role) => caller.roles.includes(role))) throw wrongRole(allowed);
    rememberCaller(request, caller);
    return true;
  }
}

const machineRoomRoles = ['mlops'] as const satisfies readonly Role[];

const isHealthPath = (url: string): boolean => /^\/health\/(live|ready)(\?|$)/.test(url);

const bearerOf = (header: string | undefined): string | null => /^Bearer +([\w.~+/-]+=*) *$/i.exec(header ?? '')?.[1] ?? null;

const wrongRole = (allowed: readonly string[]): RejectedError =>
  new RejectedError('forbidden', {
    fr: `Cette adresse demande l’un de ces rôles : ${allowed.join(', ') || 'aucun'}.`,
    en: `This address asks for one of these roles: ${allowed.join(', ') || 'none'}.`,
  });
