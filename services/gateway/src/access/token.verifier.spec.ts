import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey } from 'jose';
import { TokenVerifier } from './token.verifier.ts';

const startedAt = new Date('2026-03-02T09:00:00Z');

describe('a verified token', () => {
  let issuer: Server;
  let address: string;
  let privateKey: CryptoKey;
  let keysAsked = 0;

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    privateKey = pair.privateKey;
    const key = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' };
    issuer = createServer((request, response) => {
      const isDiscovery = request.url?.startsWith('/.well-known') === true;
      if (!isDiscovery) keysAsked++;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(isDiscovery ? { issuer: address, jwks_uri: `${address}/keys` } : { keys: [key] }));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const at = issuer.address();
    address = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`;
  });

  afterAll(() => new Promise((resolve) => issuer.close(resolve)));

  const opened = (): { verifier: TokenVerifier; pass: (seconds: number) => void } => {
    let now = startedAt.getTime();
    const options = { oidc: { issuer: address, audience: 'lisible' } } as ConstructorParameters<typeof TokenVerifier>[0];
    return { verifier: new TokenVerifier(options, { now: () => new Date(now) }), pass: (seconds) => (now += seconds * 1000) };
  };
  const signed = (secondsToLive: number): Promise<string> =>
    new SignJWT({ roles: ['advisor'] })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setSubject('camille')
      .setIssuer(address)
      .setAudience('lisible')
      .setExpirationTime(Math.floor(startedAt.getTime() / 1000) + secondsToLive)
      .sign(privateKey);

  it('is believed for a minute, and checked again after it', async () => {
    const { verifier, pass } = opened();
    const token = await signed(3600);
    const first = await verifier.verify(token);
    expect(first).toEqual({ subject: 'camille', roles: ['advisor'] });
    pass(59);
    expect(await verifier.verify(token)).toBe(first);
    pass(2);
    const again = await verifier.verify(token);
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
    expect(keysAsked).toBe(1);
  });

  it('is not believed past its own end', async () => {
    const { verifier, pass } = opened();
    const token = await signed(20);
    await verifier.verify(token);
    pass(26);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('gives nothing to another one that only looks like it', async () => {
    const { verifier } = opened();
    const token = await signed(3600);
    await verifier.verify(token);
    const forged = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
