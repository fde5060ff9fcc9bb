/** One kept-alive connection to a server: a request is written as it stands and its answer is read no further than it must be, so that the load leaves the machine to the server. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Below the key's own project. */
  readonly path: string;
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request as it goes over the wire. */
export function requestBytes({ method, path, key, headers = {}, body }: HttpRequest): Buffer {
  const sent = Buffer.from(body ?? "");
  const lines = [
    `${method} /v1/projects/~${path} HTTP/1.1`,
    "host: 127.0.0.1",
    `authorization: Bearer ${key}`,
    ...(body === undefined ? [] : [`content-length: ${sent.length}`]),
    ...Object.entries({
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), sent]);
}

interface Reading {
  readonly status: number;
  /** Of the body; null where it comes in chunks. */
  readonly length: number | null;
}

const HEAD_END = "\r\n\r\n";
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");

export class HttpConnection {
  readonly #socket: Socket;
  #pieces: Buffer[] = [];
  #size = 0;
  #reading: Reading | undefined;
  #waiting: PromiseWithResolvers<HttpAnswer> | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (piece: Buffer) => this.#take(piece));
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () => this.#waiting?.reject(new Error("The server closed the connection.")));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ port, host: "127.0.0.1" });
    await once(socket, "connect");
    return new HttpConnection(socket);
  }

  /** One after the other. @throws Error where the connection breaks. */
  ask(request: Buffer): Promise<HttpAnswer> {
    this.#waiting = Promise.withResolvers<HttpAnswer>();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    this.#reading ??= this.#readHead();
    if (this.#reading === undefined || !this.#isWhole(this.#reading, piece)) return;
    const { status } = this.#reading;
    const body = Buffer.concat(this.#pieces);
    const waiting = this.#waiting;
    this.#pieces = [];
    this.#size = 0;
    this.#reading = undefined;
    this.#waiting = undefined;
    waiting?.resolve({ status, body });
  }

  /** Leaves the body alone among the pieces. */
  #readHead(): Reading | undefined {
    const all = Buffer.concat(this.#pieces);
    const end = all.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const head = all.toString("latin1", 0, end);
    const body = all.subarray(end + HEAD_END.length);
    this.#pieces = [body];
    this.#size = body.length;
    const status = Number(head.slice(9, 12));
    if (status === 304 || status === 204) return { status, length: 0 };
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    return { status, length: length === undefined ? null : Number(length) };
  }

  #isWhole({ length }: Reading, piece: Buffer): boolean {
    if (length !== null) return this.#size >= length;
    // JSON has no line end of this kind inside of it.
    if (piece.length >= LAST_CHUNK.length) return piece.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
    return Buffer.concat(this.#pieces).subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
  }
}

/** The body of an answer that came at once. @throws Error for another status than 200. */
export function jsonOf<T>({ status, body }: HttpAnswer): T {
  if (status !== 200) throw new Error(`The server answered ${status}: ${body.toString("utf8", 0, 500)}`);
  return JSON.parse(body.toString("utf8")) as T;
}
