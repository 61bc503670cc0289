import { connect } from 'node:net';

const apiVersionsKey = 18;
const clientName = 'lisible-infra';
const largestAnswerBytes = 1_000_000;

/** ApiVersions request, version 3 (Kafka protocol guide): the one request that every broker answers before it knows its client. */
export function encodeApiVersionsRequest(): Buffer {
  const name = Buffer.from(clientName);
  const compactName = Buffer.concat([Buffer.from([name.length + 1]), name]);
  const header = Buffer.alloc(10);
  header.writeInt16BE(apiVersionsKey, 0);
  header.writeInt16BE(3, 2);
  header.writeInt32BE(1, 4);
  header.writeInt16BE(name.length, 8);
  const noTags = Buffer.from([0]);
  const body = Buffer.concat([header, name, noTags, compactName, compactName, noTags]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

/** Reads an answer from its front; every read past the end throws. */
class AnswerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  skip(bytes: number): void {
    if (this.#at + bytes > this.#bytes.length) throw new RangeError('past the end');
    this.#at += bytes;
  }

  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#at);
      this.#at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('not a varint');
  }

  compactString(): string {
    const length = this.unsignedVarint() - 1;
    this.skip(length);
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  /** Tagged fields, those of `tag` read by `read`. */
  tags(tag = -1, read: () => void = () => undefined): void {
    for (let left = this.unsignedVarint(); left > 0; left -= 1) {
      const found = this.unsignedVarint();
      const size = this.unsignedVarint();
      if (found === tag) read();
      else this.skip(size);
    }
  }
}

/**
 * The level of `metadata.version` that the cluster has agreed on (KIP-584), from the answer's bytes after its size.
 * @throws Error for an answer that is an error, or is no answer of Kafka's
 */
export function parseApiVersionsAnswer(bytes: Buffer): number | null {
  let answer: { readonly errorCode: number; readonly level: number | null };
  try {
    answer = readApiVersionsAnswer(new AnswerReader(bytes));
  } catch (error) {
    throw new Error('answers, but not as Kafka does', { cause: error });
  }
  if (answer.errorCode !== 0) throw new Error(`answers with Kafka's error ${answer.errorCode}`);
  return answer.level;
}

function readApiVersionsAnswer(reader: AnswerReader): { readonly errorCode: number; readonly level: number | null } {
  reader.skip(4);
  const errorCode = reader.int16();
  let level: number | null = null;
  // An error is told in the oldest version of the answer, which has no tags.
  if (errorCode !== 0) return { errorCode, level };
  for (let left = reader.unsignedVarint() - 1; left > 0; left -= 1) {
    reader.skip(6);
    reader.tags();
  }
  reader.skip(4);
  reader.tags(2, () => {
    for (let left = reader.unsignedVarint() - 1; left > 0; left -= 1) {
      const feature = reader.compactString();
      const highest = reader.int16();
      reader.skip(2);
      reader.tags();
      if (feature === 'metadata.version') level = highest;
    }
  });
  return { errorCode, level };
}

function askBroker(host: string, port: number, patienceMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(patienceMs, () => fail(new Error(`no answer within ${patienceMs / 1000} s`)));
    socket.once('error', fail);
    socket.once('close', () => reject(new Error('closed the connection without an answer')));
    socket.once('connect', () => socket.write(encodeApiVersionsRequest()));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const size = received.length < 4 ? 0 : received.readInt32BE(0);
      if (size < 0 || size > largestAnswerBytes) return fail(new Error('answers, but not as Kafka does'));
      if (received.length < 4 || received.length < 4 + size) return;
      try {
        const level = parseApiVersionsAnswer(received.subarray(4, 4 + size));
        socket.destroy();
        resolve(level === null ? 'unknown' : `metadata.version ${level}`);
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

/** `host:port`, with an IPv6 address in brackets. @throws Error for anything else */
export function parseBroker(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^\s:@/[\]]+)):(\d{1,5})$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port >= 1 && port <= 65_535)) throw new Error('KAFKA_BROKERS must be host:port, several joined by commas');
  return { host, port };
}

/**
 * What the first broker of the list that answers says of its version. In plain text: brokers behind TLS are not understood.
 * @throws Error with the last broker's reason when none answers
 */
export async function askKafka(brokers: string, patienceMs = 5_000): Promise<string> {
  let reason: unknown;
  for (const { host, port } of brokers.split(',').map(parseBroker)) {
    try {
      return await askBroker(host, port, patienceMs);
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}
