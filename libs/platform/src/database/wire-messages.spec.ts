import { protocol } from '@electric-sql/pglite';
import { WireMessages } from './wire-messages.ts';

const { serialize } = protocol;
const bytes = (...messages: readonly Uint8Array[]): Buffer => Buffer.concat(messages);
const long = '“é🙂”'.repeat(50_000);

describe('messages to PostgreSQL', () => {
  it('are those of PGlite’s own writer, byte for byte', () => {
    const messages = new WireMessages();
    for (const sql of ['select 1', long])
      for (const values of [[], ['a', null, '', long, 'é']]) {
        messages.query(sql).parse('s1', sql).bind('s1', values).execute().closeStatement('s1').sync();
        expect(
          bytes(messages.take()).equals(
            bytes(
              serialize.query(sql),
              serialize.parse({ name: 's1', text: sql }),
              serialize.bind({ statement: 's1', values }),
              serialize.describe({ type: 'P' }),
              serialize.execute({}),
              serialize.close({ type: 'S', name: 's1' }),
              serialize.sync(),
            ),
          ),
        ).toBe(true);
      }
  });

  it('are taken once', () => {
    const messages = new WireMessages().sync();
    expect(messages.take()).toHaveLength(5);
    expect(messages.take()).toHaveLength(0);
  });
});
