/**
 * What a client says to PostgreSQL in its wire protocol (version 3, extended query), message after message in one buffer that serves
 * again for the next statement. PGlite's own writer makes several buffers of each long text, and the garbage of them costs a third of
 * the thread's time. Message formats: PostgreSQL's manual, 54.7. Runs in the worker: imports nothing of the house.
 */
export class WireMessages {
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);
  #length = 0;

  /** What was written since the last call. A view: it is overwritten by the next messages. */
  take(): Uint8Array {
    const messages = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    return messages;
  }

  /** One statement or several, without parameters. */
  query(sql: string): this {
    const start = this.#open('Q');
    this.#text(sql);
    return this.#close(start);
  }

  /** Prepares a statement; the empty name is the unnamed one. */
  parse(name: string, sql: string): this {
    const start = this.#open('P');
    this.#text(name);
    this.#text(sql);
    this.#int16(0);
    return this.#close(start);
  }

  /** Binds values in text format to a prepared statement, and its result in text format to the unnamed portal. */
  bind(statement: string, values: readonly (string | null)[]): this {
    const start = this.#open('B');
    this.#text('');
    this.#text(statement);
    this.#int16(values.length);
    for (let index = 0; index < values.length; index += 1) this.#int16(0);
    this.#int16(values.length);
    for (const value of values) this.#value(value);
    this.#int16(0);
    return this.#close(start);
  }

  /** Describes the unnamed portal and runs it to its end. */
  execute(): this {
    const describe = this.#open('D');
    this.#byte('P');
    this.#text('');
    this.#close(describe);
    const start = this.#open('E');
    this.#text('');
    this.#int32(0);
    return this.#close(start);
  }

  closeStatement(name: string): this {
    const start = this.#open('C');
    this.#byte('S');
    this.#text(name);
    return this.#close(start);
  }

  sync(): this {
    return this.#close(this.#open('S'));
  }

  #open(type: string): number {
    this.#byte(type);
    this.#int32(0);
    return this.#length - 4;
  }

  /** Writes the length of the message, which counts itself but not the type. */
  #close(start: number): this {
    this.#buffer.writeInt32BE(this.#length - start, start);
    return this;
  }

  #byte(character: string): void {
    this.#reserve(1);
    this.#length = this.#buffer.writeUInt8(character.charCodeAt(0), this.#length);
  }

  #int16(value: number): void {
    this.#reserve(2);
    this.#length = this.#buffer.writeUInt16BE(value, this.#length);
  }

  #int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
  }

  /** Ended by a zero byte. */
  #text(text: string): void {
    this.#reserve(text.length * maxBytesPerUnit + 1);
    this.#length += this.#buffer.write(text, this.#length, 'utf8');
    this.#length = this.#buffer.writeUInt8(0, this.#length);
  }

  /** Preceded by its length; -1 for null. */
  #value(text: string | null): void {
    if (text === null) {
      this.#int32(-1);
      return;
    }
    this.#reserve(text.length * maxBytesPerUnit + 4);
    const bytes = this.#buffer.write(text, this.#length + 4, 'utf8');
    this.#buffer.writeInt32BE(bytes, this.#length);
    this.#length += bytes + 4;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#length + bytes, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** UTF-8 takes at most three bytes for one unit of UTF-16. */
const maxBytesPerUnit = 3;
