import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

const encodeCommand = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** The replies (RESP 2: simple strings, errors, bulk strings) that are whole so far. @throws Error for any other kind */
export function parseReplies(bytes: Buffer): readonly string[] {
  const replies: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) break;
    const line = bytes.toString('utf8', at, end);
    if (line.startsWith('+') || line.startsWith('-')) {
      replies.push(line);
      at = end + 2;
    } else if (/^\$\d+$/.test(line)) {
      const next = end + 2 + Number(line.slice(1)) + 2;
      if (next > bytes.length) break;
      replies.push(bytes.toString('utf8', end + 2, next - 2));
      at = next;
    } else throw new Error('answers, but not as Redis does');
  }
  return replies;
}

/** The server's own version, such as `7.0.15`, after a PING. @throws Error when it cannot be reached, refuses, or does not answer in time */
export function askRedis(url: string, patienceMs = 5_000): Promise<string> {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    return Promise.reject(new Error('REDIS_URL must begin with redis:// or rediss://'));
  }
  const { protocol, hostname, port, username, password } = new URL(url);
  const signIn = password === '' ? [] : [['AUTH', ...(username === '' ? [] : [decodeURIComponent(username)]), decodeURIComponent(password)]];
  const commands = [...signIn, ['PING'], ['INFO', 'server']];
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: port === '' ? 6379 : Number(port) };
  return new Promise((resolve, reject) => {
    const socket = protocol === 'rediss:' ? connectTls({ ...target, servername: host }) : connect(target);
    let received = Buffer.alloc(0);
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(patienceMs, () => fail(new Error(`no answer within ${patienceMs / 1000} s`)));
    socket.once('error', fail);
    socket.once('close', () => reject(new Error('closed the connection without an answer')));
    socket.write(commands.map(encodeCommand).join(''));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      try {
        const replies = parseReplies(received);
        const refusal = replies.find((reply) => reply.startsWith('-'));
        if (refusal !== undefined) throw new Error(`refuses: ${refusal.slice(1)}`);
        if (replies.length < commands.length) return;
        resolve(/^redis_version:(\S+)/m.exec(replies.at(-1) ?? '')?.[1] ?? 'unknown');
        socket.destroy();
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}
