import type { Language, Role } from '@lisible/contracts';
import { languages, roles } from '@lisible/contracts';
import { currentLanguage } from '@lisible/platform';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { Provider, errors } from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { memoryAdapterFactory } from './memory.adapter.ts';
import { errorPage, pagesContentSecurityPolicy, signInPage, signOutPage, signedOutPage } from './pages.ts';
import { demoPeople, findDemoPerson } from './people.ts';

/** Where the demo issuer lives under the platform's origin. */
export const demoIssuerPath = '/demo-issuer';
/** RFC 8707 resource indicator of Lisible's API; tokens for it carry the audience `lisible`. */
export const apiResource = 'urn:lisible:api';
export const apiAudience = 'lisible';
/** The dashboard: public client, authorization code with PKCE. */
export const dashboardClientId = 'dashboard';
/** The dashboard's addresses that the browser is sent back to. */
export const signInCallbackPath = '/callback';
export const signedOutPath = '/';
/** Scripts: confidential client, client credentials; the scope `role:<role>` asks for a role. */
export const scriptsClientId = 'scripts';
export const roleScope = (role: Role): string => `role:${role}`;

export class DemoIssuerError extends Error {
  override readonly name = 'DemoIssuerError';
}

export interface DemoIssuerOptions {
  /** `http://127.0.0.1:8080`: where the browser sees the issuer. */
  readonly origin: string;
  /** Where it sees the dashboard; the issuer's own origin unless told. */
  readonly dashboardOrigins?: readonly string[];
  /** Secret of the client `scripts`. */
  readonly scriptsSecret: string;
}

export interface DemoIssuer {
  /** `<origin>/demo-issuer`, the `iss` of its tokens. */
  readonly issuer: string;
  /** Answers every request below `/demo-issuer`; `request.url` is the whole path. */
  handle(request: IncomingMessage, response: ServerResponse): void;
}

const accessTokenSeconds = 8 * 3600;
const roleScopes = roles.map(roleScope);

/**
 * An OpenID Connect issuer for demonstrations: people sign in without a password, keys are made here and die with the process.
 * @throws DemoIssuerError when the origin is not a loopback address: nobody else may reach a door without a password.
 */
export const createDemoIssuer = ({ origin, dashboardOrigins = [origin], scriptsSecret }: DemoIssuerOptions): DemoIssuer => {
  if (!isLoopback(new URL(origin).hostname)) {
    throw new DemoIssuerError('The demo sign-in has no password and only runs on a loopback address: set HOST=127.0.0.1.');
  }
  const issuer = `${origin}${demoIssuerPath}`;
  const provider = new Provider(issuer, {
    adapter: memoryAdapterFactory(),
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: [
      {
        client_id: dashboardClientId,
        client_name: 'Lisible',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: dashboardOrigins.map((dashboard) => dashboard + signInCallbackPath),
        post_logout_redirect_uris: dashboardOrigins.map((dashboard) => dashboard + signedOutPath),
        id_token_signed_response_alg: 'ES256',
      },
      {
        client_id: scriptsClientId,
        client_secret: scriptsSecret,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: ['name', 'roles'] },
    /** The dashboard reads name and roles from the ID token: one request less. */
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    /** Other sites that the browser has open get nothing. */
    clientBasedCORS: (_context, from) => dashboardOrigins.includes(from),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => apiResource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, indicator, client) => {
          if (indicator !== apiResource) throw new errors.InvalidTarget();
          return {
            audience: apiAudience,
            scope: client.clientId === scriptsClientId ? roleScopes.join(' ') : '',
            accessTokenFormat: 'jwt',
            accessTokenTTL: accessTokenSeconds,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
      rpInitiatedLogout: {
        logoutSource: (context, form) => sendPage(context, (language) => signOutPage(language, form)),
        postLogoutSuccessSource: (context) => sendPage(context, signedOutPage),
      },
    },
    findAccount: (_context, accountId) => {
      const person = findDemoPerson(accountId);
      if (person === null) return undefined;
      return { accountId, claims: () => ({ sub: accountId, name: person.name, roles: [...person.roles] }) };
    },
    extraTokenClaims: (_context, token) => ({ roles: rolesOf(token) }),
    /** Consent is skipped: the only client that people sign in to is Lisible itself. */
    loadExistingGrant: async (context) => {
      const { client, session } = context.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const existing = session.grantIdFor(client.clientId);
      if (existing !== undefined) {
        const grant = await context.oidc.provider.Grant.find(existing);
        if (grant !== undefined) return grant;
      }
      const grant = new context.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, interaction) => `${demoIssuerPath}/interaction/${interaction.uid}` },
    renderError: (context, out) => sendPage(context, (language) => errorPage(language, out.error_description ?? out.error)),
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      IdToken: accessTokenSeconds,
      Session: accessTokenSeconds,
      Grant: accessTokenSeconds,
      Interaction: 3600,
      AuthorizationCode: 60,
    },
  });

  const answerOther = provider.callback();
  return {
    issuer,
    handle: (request, response) => {
      const path = request.url ?? '/';
      if (path.startsWith(`${demoIssuerPath}/interaction/`)) {
        void interact(provider, request, response);
        return;
      }
      // oidc-provider learns where it is mounted from the difference between the two.
      Object.assign(request, { originalUrl: path, url: path.slice(demoIssuerPath.length) || '/' });
      void answerOther(request, response);
    },
  };
};

/** The sign-in page and its answer, both bound to the browser by oidc-provider's interaction cookie. */
const interact = async (provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', provider.issuer);
  let language = languageOf(url.searchParams.get('lang')) ?? currentLanguage(request);
  try {
    const details = await provider.interactionDetails(request, response);
    language = languageOf(url.searchParams.get('lang')) ?? languageOf(details.params['ui_locales']) ?? language;
    if (request.method === 'POST') {
      const person = findDemoPerson(new URLSearchParams(await readBody(request)).get('person') ?? '');
      const result = person === null || details.prompt.name !== 'login' ? { error: 'access_denied' } : { login: { accountId: person.accountId } };
      await provider.interactionFinished(request, response, result);
      return;
    }
    sendHtml(response, 200, signInPage(language, url.pathname, demoPeople));
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendHtml(response, error instanceof errors.OIDCProviderError ? 400 : 500, errorPage(language, null));
  }
};

const maxFormBytes = 4096;
const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxFormBytes) throw new errors.InvalidRequest('form too large');
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const sendHtml = (response: ServerResponse, status: number, html: string): void => {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': pagesContentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(html);
};

const sendPage = (context: KoaContextWithOIDC, render: (language: Language) => string): void => {
  context.set('content-security-policy', pagesContentSecurityPolicy);
  context.set('x-content-type-options', 'nosniff');
  context.type = 'html';
  context.body = render(languageOf(context.oidc?.params?.['ui_locales']) ?? currentLanguage(context.req));
};

/** First known language of `fr-FR en`, of `en`; null for anything else. */
const languageOf = (locales: unknown): Language | null => {
  if (typeof locales !== 'string') return null;
  for (const locale of locales.split(' ')) {
    const known = languages.find((language) => locale === language || locale.startsWith(`${language}-`));
    if (known !== undefined) return known;
  }
  return null;
};

/** A person's roles come from the person; a script's from the scopes it asked for. */
const rolesOf = (token: { readonly kind: string; readonly scope?: string | undefined; readonly accountId?: string }): Role[] => {
  if (token.accountId !== undefined) return [...(findDemoPerson(token.accountId)?.roles ?? [])];
  const scopes = new Set(token.scope?.split(' '));
  return roles.filter((role) => scopes.has(roleScope(role)));
};

const signingKey = () => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  alg: 'ES256',
  use: 'sig',
  kid: randomBytes(8).toString('hex'),
});

/** `localhost`, 127.0.0.0/8 and ::1. */
export const isLoopback = (hostname: string): boolean => {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
};
