/** Sends rows by COPY, which the driver leaves to whoever speaks its protocol. */
import type { ClientBase, Connection, Submittable } from "pg";

/** What the driver's connection can do beyond its types. */
interface CopyingConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

const CHUNK_BYTES = 1 << 18;

/** Lines in PostgreSQL's text format, each with its end. */
export function copyIn(client: ClientBase, sql: string, lines: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(sql, lines, (error) => (error === null ? resolve() : reject(error))));
  });
}

/** One statement in the driver's queue; the driver calls its handlers as the server answers. */
class CopyIn implements Submittable {
  readonly #sql: string;
  readonly #lines: string | Uint8Array;
  readonly #done: (error: Error | null) => void;
  #failed = false;

  constructor(sql: string, lines: string | Uint8Array, done: (error: Error | null) => void) {
    this.#sql = sql;
    this.#lines = lines;
    this.#done = done;
  }

  submit(connection: Connection): void {
    (connection as unknown as { query(sql: string): void }).query(this.#sql);
  }

  handleCopyInResponse(connection: Connection): void {
    const copying = connection as CopyingConnection;
    const bytes = typeof this.#lines === "string" ? Buffer.from(this.#lines) : this.#lines;
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      copying.sendCopyFromChunk(bytes.subarray(at, at + CHUNK_BYTES) as Buffer);
    }
    copying.endCopyFrom();
  }

  handleCommandComplete(): void {
    // Ready for the next statement is what ends this one.
  }

  handleError(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#done(error);
  }

  handleReadyForQuery(): void {
    if (!this.#failed) this.#done(null);
  }
}

const SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text as a field of a line. */
export function copyText(text: string): string {
  return text.replace(SPECIAL, (character) => ESCAPES[character] as string);
}

/** Nothing, as a field of a line. */
export const COPY_NULL = "\\N";

/** Hex digits as a field of bytes. */
export function copyBytes(hex: string | null): string {
  return hex === null ? COPY_NULL : `\\\\x${hex}`;
}
