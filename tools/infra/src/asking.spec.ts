import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { askKafka, encodeApiVersionsRequest, parseApiVersionsAnswer, parseBroker } from './ask-kafka.ts';
import { askPostgresql } from './ask-postgresql.ts';
import { askRedis, parseReplies } from './ask-redis.ts';
import { parseJavaRelease, renderServerProperties } from './kafka.local.ts';
import { stepsLine } from './show-steps.ts';

const servers: Server[] = [];
const listen = async (onSocket: (socket: Socket) => void): Promise<number> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
};
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Correlation id, no error, one API, no throttling, then the features: supported (tag 0), epoch (1), finalized (2). */
const answer = Buffer.concat([
  Buffer.from([0, 0, 0, 1, 0, 0]),
  Buffer.from([2, 0, 18, 0, 0, 0, 4, 0]),
  Buffer.from([0, 0, 0, 0]),
  Buffer.from([3]),
  Buffer.from([0, 1, 1]),
  Buffer.from([1, 8, 0, 0, 0, 0, 0, 0, 0, 7]),
  Buffer.from([2, 22, 2, 17]),
  Buffer.from('metadata.version'),
  Buffer.from([0, 29, 0, 29, 0]),
]);
const withSize = (body: Buffer): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
};

describe('asking Kafka', () => {
  it('reads the agreed metadata.version', () => expect(parseApiVersionsAnswer(answer)).toBe(29));

  it('says so when an answer is an error, or is cut anywhere', () => {
    expect(() => parseApiVersionsAnswer(Buffer.from([0, 0, 0, 1, 0, 35]))).toThrow('error 35');
    for (let length = 0; length < answer.length; length += 1) {
      expect(() => parseApiVersionsAnswer(answer.subarray(0, length))).toThrow('answers, but not as Kafka does');
    }
  });

  it('takes the first broker that answers, in however many pieces', async () => {
    const deaf = await listen((socket) => socket.destroy());
    const broker = await listen((socket) =>
      socket.once('data', (request) => {
        expect(request).toEqual(encodeApiVersionsRequest());
        for (const byte of withSize(answer)) socket.write(Buffer.from([byte]));
      }),
    );
    await expect(askKafka(`127.0.0.1:${deaf},127.0.0.1:${broker}`)).resolves.toBe('metadata.version 29');
    await expect(askKafka(`127.0.0.1:${deaf}`)).rejects.toThrow(/closed|ECONNRESET/);
  });

  it('does not take a web server for a broker', async () => {
    const port = await listen((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(askKafka(`127.0.0.1:${port}`)).rejects.toThrow('not as Kafka does');
  });

  it('gives up on a broker that is silent', async () => {
    const port = await listen(() => undefined);
    await expect(askKafka(`127.0.0.1:${port}`, 50)).rejects.toThrow('no answer within 0.05 s');
  });

  it('reads host and port, and nothing else', () => {
    expect(parseBroker(' broker-1.example:9092 ')).toEqual({ host: 'broker-1.example', port: 9092 });
    expect(parseBroker('[::1]:9092')).toEqual({ host: '::1', port: 9092 });
    for (const text of ['', 'broker', 'broker:', 'broker:0', 'broker:70000', 'kafka://broker:9092', '::1:9092']) {
      expect(() => parseBroker(text)).toThrow('KAFKA_BROKERS must be');
    }
  });
});

describe('asking Redis', () => {
  const info = '# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n';
  const bulk = `$${info.length}\r\n${info}\r\n`;

  it('keeps replies back until they are whole', () => {
    const replies = Buffer.from(`+OK\r\n+PONG\r\n${bulk}`);
    expect(parseReplies(replies)).toEqual(['+OK', '+PONG', info]);
    expect(parseReplies(replies.subarray(0, replies.length - 1))).toEqual(['+OK', '+PONG']);
    expect(parseReplies(replies.subarray(0, 3))).toEqual([]);
    expect(() => parseReplies(Buffer.from('HTTP/1.1 400\r\n'))).toThrow('not as Redis does');
  });

  it('signs in with what the address holds', async () => {
    let said = '';
    const port = await listen((socket) =>
      socket.on('data', (chunk) => {
        said += chunk.toString();
        if (said.includes('INFO')) socket.write(`+OK\r\n+PONG\r\n${bulk}`);
      }),
    );
    await expect(askRedis(`redis://me:p%40ss@127.0.0.1:${port}`)).resolves.toBe('7.0.15');
    expect(said).toMatch(/^\*3\r\n\$4\r\nAUTH\r\n\$2\r\nme\r\n\$4\r\np@ss\r\n\*1\r\n\$4\r\nPING\r\n/);
  });

  it('passes a refusal on', async () => {
    const port = await listen((socket) => socket.write('-NOAUTH Authentication required.\r\n'));
    await expect(askRedis(`redis://127.0.0.1:${port}`)).rejects.toThrow('refuses: NOAUTH');
    await expect(askRedis('http://127.0.0.1')).rejects.toThrow('REDIS_URL must begin');
  });
});

describe('asking PostgreSQL', () => {
  it.each(['nonsense', 'host=db password=secret', 'http://db/x'])('does not guess a host from %j', (text) =>
    expect(askPostgresql(text)).rejects.toThrow('DATABASE_URL must begin'),
  );

  it('gives up on a server that is silent', async () => {
    const port = await listen(() => undefined);
    await expect(askPostgresql(`postgresql://a:b@127.0.0.1:${port}/c`, 100)).rejects.toThrow(/timeout/);
  });
});

describe('parseJavaRelease', () => {
  it('reads current names, and nothing from a Java that is too old to know the question', () => {
    expect(parseJavaRelease('openjdk 17.0.15 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6)')).toBe(17);
    expect(parseJavaRelease('java 25 2025-09-16 LTS')).toBe(25);
    expect(parseJavaRelease('')).toBeNull();
  });
});

describe('renderServerProperties', () => {
  it('adds loopback listeners and the data folder to the committed settings', () => {
    const text = renderServerProperties('node.id=1\n', { port: 20_001, controllerPort: 20_002, dataFolder: '/state/kafka/data' });
    const settings = new Map(
      text
        .split('\n')
        .filter((line) => line.includes('=') && !line.startsWith('#'))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(Object.fromEntries(settings)).toEqual({
      'node.id': '1',
      listeners: 'PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:20001',
      'controller.quorum.voters': '1@127.0.0.1:20002',
      'log.dirs': '/state/kafka/data',
    });
  });
});

describe('stepsLine', () => {
  it('is silent for two seconds, then says what is waited for', () => {
    const steps = new Map([
      ['kafka', { step: 'starting the broker', startedAtMs: 0 }],
      ['redis', { step: 'starting the server', startedAtMs: 3_000 }],
    ]);
    expect(stepsLine(steps, 1_999)).toBe('');
    expect(stepsLine(steps, 4_500)).toBe('kafka: starting the broker, 4 s');
    expect(stepsLine(steps, 5_000)).toBe('kafka: starting the broker, 5 s · redis: starting the server, 2 s');
  });
});
