import { roleSchema } from '@lisible/contracts';
import { RejectedError, TransientError } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { request } from 'undici';
import { z } from 'zod';
import { GATEWAY_OPTIONS } from '../gateway.options.ts';
import type { GatewayOptions } from '../gateway.options.ts';
import type { Caller } from './caller.ts';

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });
const claimsSchema = z.object({ sub: z.string().min(1), roles: z.array(z.string()).default([]) });

/** Verifies bearer tokens against the issuer's published keys. */
@Injectable()
export class TokenVerifier {
  private readonly oidc: GatewayOptions['oidc'];
  private keys: Promise<JWTVerifyGetKey> | null = null;

  constructor(@Inject(GATEWAY_OPTIONS) options: GatewayOptions) {
    this.oidc = options.oidc;
  }

  /**
   * @throws RejectedError `unauthenticated` when the token is not one of the issuer's, for this audience, in its time.
   * @throws TransientError when the issuer cannot be asked for its keys.
   */
  async verify(token: string): Promise<Caller> {
    const keys = await this.loadKeys();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.oidc.issuer,
        audience: this.oidc.audience,
        algorithms: asymmetricAlgorithms,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: clockToleranceSeconds,
      });
      const claims = claimsSchema.parse(payload);
      // A role that this version does not know opens nothing.
      return { subject: claims.sub, roles: claims.roles.flatMap((role) => roleSchema.safeParse(role).data ?? []) };
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError || error instanceof z.ZodError)) throw issuerUnreachable(error);
      throw notSignedIn('expired-or-foreign');
    }
  }

  private loadKeys(): Promise<JWTVerifyGetKey> {
    this.keys ??= this.discoverKeys().catch((error: unknown) => {
      this.keys = null;
      throw issuerUnreachable(error);
    });
    return this.keys;
  }

  private async discoverKeys(): Promise<JWTVerifyGetKey> {
    const response = await request(`${this.oidc.issuer}/.well-known/openid-configuration`, {
      headersTimeout: discoveryTimeoutMs,
      bodyTimeout: discoveryTimeoutMs,
    });
    const discovery = discoverySchema.parse(await response.body.json());
    if (discovery.issuer !== this.oidc.issuer) throw new Error('the issuer calls itself otherwise');
    return createRemoteJWKSet(new URL(discovery.jwks_uri));
  }
}

/** Keys are public, so nothing symmetric and not `none`. */
const asymmetricAlgorithms = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA'];
const clockToleranceSeconds = 5;
const discoveryTimeoutMs = 3000;

/** 401: no token, or one that is not accepted. */
export const notSignedIn = (why: 'missing' | 'expired-or-foreign'): RejectedError =>
  new RejectedError(
    'unauthenticated',
    why === 'missing'
      ? {
          fr: 'Cette adresse demande un jeton d’accès (Authorization: Bearer …).',
          en: 'This address asks for an access token (Authorization: Bearer …).',
        }
      : {
          fr: 'Le jeton d’accès a expiré ou ne vient pas d’ici : reconnectez-vous.',
          en: 'The access token has expired or is not from here: sign in again.',
        },
  );

const issuerUnreachable = (cause: unknown): TransientError =>
  new TransientError('service-unavailable', { fr: 'Le service de connexion ne répond pas.', en: 'The sign-in service does not answer.' }, cause);
