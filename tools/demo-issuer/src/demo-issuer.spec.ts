import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { DemoIssuerError, apiAudience, apiResource, createDemoIssuer, dashboardClientId, isLoopback, scriptsClientId } from './index.ts';
import type { DemoIssuer } from './index.ts';

const scriptsSecret = 'secret-of-the-spec';

describe('the demo issuer', () => {
  let server: Server;
  let issuer: DemoIssuer;
  let origin: string;

  beforeAll(async () => {
    server = createServer((request, response) => issuer.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    origin = `http://127.0.0.1:${address.port}`;
    issuer = createDemoIssuer({ origin, scriptsSecret });
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const verify = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(`${issuer.issuer}/jwks`)), { issuer: issuer.issuer, audience: apiAudience });

  const clientCredentials = (scope: string, secret = scriptsSecret) =>
    fetch(`${issuer.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${scriptsClientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource: apiResource }),
    });

  it('says where its endpoints are, under its own path', async () => {
    const discovery = await (await fetch(`${issuer.issuer}/.well-known/openid-configuration`)).json();
    expect(discovery).toMatchObject({
      issuer: issuer.issuer,
      authorization_endpoint: `${issuer.issuer}/auth`,
      token_endpoint: `${issuer.issuer}/token`,
      jwks_uri: `${issuer.issuer}/jwks`,
    });
  });

  it('gives a script a token with the role it asked for', async () => {
    const response = await clientCredentials('role:advisor');
    expect(response.status).toBe(200);
    const { payload } = await verify((await response.json()).access_token);
    expect(payload).toMatchObject({ sub: scriptsClientId, aud: apiAudience, roles: ['advisor'] });
  });

  it('answers tokens to pages of its own origin, and to no other site that a browser has open', async () => {
    const asked = async (from: string): Promise<Response> =>
      fetch(`${issuer.issuer}/token`, {
        method: 'POST',
        headers: { origin: from },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: dashboardClientId,
          code: 'none',
          redirect_uri: `${origin}/callback`,
        }),
      });
    expect(await (await asked(origin)).json()).toMatchObject({ error: 'invalid_grant' });
    const elsewhere = await asked('http://elsewhere.example');
    expect(elsewhere.headers.get('access-control-allow-origin')).toBeNull();
    expect(await elsewhere.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('refuses a wrong secret, and gives no role for a scope it does not know', async () => {
    expect((await clientCredentials('role:advisor', 'wrong')).status).toBe(401);
    const { payload } = await verify((await (await clientCredentials('role:root')).json()).access_token);
    expect(payload).toMatchObject({ roles: [] });
  });

  describe('a person who signs in', () => {
    const verifier = randomBytes(32).toString('base64url');
    const authorizationUrl = (changes: Record<string, string> = {}): string =>
      `${issuer.issuer}/auth?${new URLSearchParams({
        client_id: dashboardClientId,
        response_type: 'code',
        redirect_uri: `${origin}/callback`,
        scope: 'openid profile',
        resource: apiResource,
        state: 'the-state',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...changes,
      }).toString()}`;

    it('chooses a name and comes back with a code that PKCE turns into a token', async () => {
      const browser = new Browser();
      const page = await browser.follow(authorizationUrl());
      const html = await page.response.text();
      expect(html).toContain('Camille Moreau');
      expect(html).not.toContain('<script');

      const back = await browser.follow(page.url, new URLSearchParams({ person: 'camille.moreau' }), `${origin}/callback`);
      const callback = new URL(back.url);
      expect(callback.searchParams.get('state')).toBe('the-state');

      const exchange = (codeVerifier: string) =>
        fetch(`${issuer.issuer}/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            client_id: dashboardClientId,
            code: callback.searchParams.get('code') ?? '',
            redirect_uri: `${origin}/callback`,
            code_verifier: codeVerifier,
          }),
        });
      const answer = await (await exchange(verifier)).json();
      const { payload } = await verify(answer.access_token);
      expect(payload).toMatchObject({ sub: 'camille.moreau', roles: ['advisor'] });
      expect(decodeJwt(answer.id_token)).toMatchObject({ name: 'Camille Moreau', roles: ['advisor'] });
    });

    it('cannot use a code without the verifier', async () => {
      const browser = new Browser();
      const page = await browser.follow(authorizationUrl());
      const back = await browser.follow(page.url, new URLSearchParams({ person: 'tom.lefevre' }), `${origin}/callback`);
      const response = await fetch(`${issuer.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: dashboardClientId,
          code: new URL(back.url).searchParams.get('code') ?? '',
          redirect_uri: `${origin}/callback`,
          code_verifier: randomBytes(32).toString('base64url'),
        }),
      });
      expect(response.status).toBe(400);
    });

    it('is refused without PKCE, or towards another address', async () => {
      const withoutPkce = await fetch(authorizationUrl({ code_challenge: '', code_challenge_method: '' }), { redirect: 'manual' });
      expect(withoutPkce.headers.get('location')).toContain('error=invalid_request');
      const elsewhere = await fetch(authorizationUrl({ redirect_uri: 'http://elsewhere.example/callback' }), { redirect: 'manual' });
      expect(elsewhere.status).toBe(400);
      expect(await elsewhere.text()).toContain('redirect_uri');
    });

    it('reads the page in the language asked for', async () => {
      const page = await new Browser().follow(authorizationUrl({ ui_locales: 'en' }));
      expect(await page.response.text()).toContain('Who are you today?');
    });

    it('who is unknown gets no token', async () => {
      const browser = new Browser();
      const page = await browser.follow(authorizationUrl());
      const back = await browser.follow(page.url, new URLSearchParams({ person: 'nobody' }), `${origin}/callback`);
      expect(new URL(back.url).searchParams.get('error')).toBe('access_denied');
    });

    it('is told in words when the request has expired', async () => {
      const response = await fetch(`${issuer.issuer}/interaction/long-gone`, { headers: { 'accept-language': 'en' } });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('expired');
    });
  });

  it('refuses to exist on anything but a loopback address', () => {
    expect(() => createDemoIssuer({ origin: 'http://0.0.0.0:8080', scriptsSecret })).toThrow(DemoIssuerError);
    expect(['localhost', '127.0.0.1', '127.8.8.8', '[::1]', '::1'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '192.168.1.2', 'localhost.example', '127.example.org', '::'].some(isLoopback)).toBe(false);
  });
});

/** Keeps cookies with their paths and follows redirections until `stopAt` or the first page. */
class Browser {
  private readonly cookies = new Map<string, { readonly value: string; readonly path: string }>();

  async follow(start: string, form?: URLSearchParams, stopAt?: string): Promise<{ url: string; response: Response }> {
    let url = start;
    let body = form;
    for (let hop = 0; hop < 10; hop += 1) {
      const path = new URL(url).pathname;
      const cookie = [...this.cookies].filter(([, { path: prefix }]) => path.startsWith(prefix)).map(([name, { value }]) => `${name}=${value}`);
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: cookie.join('; ') },
        ...(body === undefined ? {} : { method: 'POST', body }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split('; ');
        const at = pair.indexOf('=');
        this.cookies.set(pair.slice(0, at), {
          value: pair.slice(at + 1),
          path: attributes.find((attribute) => attribute.startsWith('path='))?.slice(5) ?? '/',
        });
      }
      const location = response.headers.get('location');
      if (location === null) return { url, response };
      url = new URL(location, url).href;
      body = undefined;
      if (stopAt !== undefined && url.startsWith(stopAt)) return { url, response };
    }
    throw new Error('too many redirections');
  }
}
