import { roleSchema } from '@lisible/contracts';
import { CLOCK, RejectedError, TransientError } from '@lisible/platform';
import type { Clock } from '@lisible/platform';
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

/** What a token was found to say, believed for a while. */
interface Verified {
  readonly caller: Caller;
  /** Milliseconds since 1970: never past the token's own end. */
  readonly until: number;
}

/** Verifies bearer tokens against the issuer's published keys. */
@Injectable()
export class TokenVerifier {
  private readonly oidc: GatewayOptions['oidc'];
  private keys: Promise<JWTVerifyGetKey> | null = null;
  private readonly verified = new Map<string, Verified>();

  constructor(
    @Inject(GATEWAY_OPTIONS) options: GatewayOptions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.oidc = options.oidc;
  }

  /**
   * @throws RejectedError `unauthenticated` when the token is not one of the issuer's, for this audience, in its time.
   * @throws TransientError when the issuer cannot be asked for its keys.
   */
  async verify(token: string): Promise<Caller> {
    const now = this.clock.now().getTime();
    const known = this.verified.get(token);
    if (known !== undefined && now < known.until) return known.caller;
    this.verified.delete(token);
    const { caller, expiresAt } = await this.check(token);
    const [oldest] = this.verified.keys();
    if (this.verified.size >= maxVerified && oldest !== undefined) this.verified.delete(oldest);
    this.verified.set(token, { caller, until: Math.min(expiresAt, now + verifiedForMs) });
    return caller;
  }

  private async check(token: string): Promise<{ readonly caller: Caller; readonly expiresAt: number }> {
    const keys = await this.loadKeys();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.oidc.issuer,
        audience: this.oidc.audience,
        algorithms: asymmetricAlgorithms,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: clockToleranceSeconds,
        currentDate: this.clock.now(),
      });
      const claims = claimsSchema.parse(payload);
      // A role that this version does not know opens nothing.
      const caller = { subject: claims.sub, roles: claims.roles.flatMap((role) => roleSchema.safeParse(role).data ?? []) };
      return { caller, expiresAt: (payload.exp ?? 0) * 1000 };
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
/** A signature that was verified is believed so long: a key that the issuer withdraws opens nothing after a minute. */
const verifiedForMs = 60_000;
const maxVerified = 1_000;

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
