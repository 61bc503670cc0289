import { z } from 'zod';
import { EnvironmentError, readEnvironment } from '../index.ts';

const schema = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(8080),
  OIDC_ISSUER: z.url(),
  LOG_LEVEL: z.enum(['info', 'debug']).default('info'),
  TOKEN: z.string().min(16),
});

describe('the environment', () => {
  it('is parsed once, with its defaults', () => {
    expect(readEnvironment(schema, { OIDC_ISSUER: 'http://localhost/issuer', TOKEN: 'a'.repeat(16), UNRELATED: 'x' })).toEqual({
      PORT: 8080,
      OIDC_ISSUER: 'http://localhost/issuer',
      LOG_LEVEL: 'info',
      TOKEN: 'a'.repeat(16),
    });
  });

  it('names every bad key at once, what is expected, and echoes no value', () => {
    const read = (): unknown => readEnvironment(schema, { PORT: '99999', OIDC_ISSUER: 'secret-issuer', LOG_LEVEL: 'secret-level', TOKEN: 'secret' });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow('PORT (at most 65535), OIDC_ISSUER (url expected), LOG_LEVEL (one of info, debug), TOKEN (at least 16)');
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }));
  });
});
