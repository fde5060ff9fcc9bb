/** Speaks to one server: its key goes to that origin alone, and what it refuses comes back as our errors. */
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { type Clock, ERROR_CODES, HarnessError, systemClock } from "@colophon/kernel";
import { retryAfter } from "@colophon/runtime";
import type { ServerPlace } from "./server-place.ts";

export interface ServerRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the project, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless bytes with headers that say otherwise. */
  readonly body?: Uint8Array | object;
}

export interface ServerAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export interface ServerCallsOptions {
  readonly clock?: Clock;
  /** Milliseconds in which nothing comes, after which a connection is given up; 15,000 unless given. */
  readonly silenceMs?: number;
}

/** What a server that does not serve says of itself. */
export interface RefusalDetails {
  readonly status: number;
  /** Milliseconds that the server asks to wait; null where it says nothing. */
  readonly retryAfter: number | null;
}

const SILENCE_MS = 15_000;
/** Bytes of an answer, unpacked; more is no answer of this server. */
const ANSWER_BYTES = 512 * 1024 * 1024;
const MESSAGE_LENGTH = 500;

/**
 * Not `fetch`: frameworks patch it, and its open streams keep a process alive that has nothing else to
 * do. Nothing here does.
 */
export class ServerCalls {
  readonly place: ServerPlace;
  readonly #clock: Clock;
  readonly #silence: number;
  readonly #agent: http.Agent;
  readonly #client: typeof http | typeof https;

  constructor(place: ServerPlace, options: ServerCallsOptions = {}) {
    this.place = place;
    this.#clock = options.clock ?? systemClock;
    this.#silence = options.silenceMs ?? SILENCE_MS;
    this.#client = place.origin.startsWith("https:") ? https : http;
    this.#agent = new this.#client.Agent({ keepAlive: true, maxSockets: 8 });
  }

  /**
   * Any answer, of whatever status.
   *
   * @throws HarnessError `store-unavailable` where none comes.
   */
  async ask(request: ServerRequest, signal?: AbortSignal): Promise<ServerAnswer> {
    const headers = { "accept-encoding": "gzip", ...request.headers };
    const answer = await this.open({ ...request, headers }, signal);
    try {
      const bytes = await readBody(answer);
      const packed = answer.headers["content-encoding"] === "gzip";
      const body = packed ? await promisify(zlib.gunzip)(bytes, { maxOutputLength: ANSWER_BYTES }) : bytes;
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: body.toString("utf8") };
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  /**
   * The answer of a request that went well.
   *
   * @throws HarnessError as the server says, or `store-unavailable`; `details` are RefusalDetails.
   */
  async call(request: ServerRequest, signal?: AbortSignal): Promise<ServerAnswer> {
    const answer = await this.ask(request, signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw this.refusal(answer);
  }

  /** What a body says in JSON. @throws HarnessError `store-unavailable` where somebody else answered. */
  read(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      const sentence = `What answers at ${this.place.name} is no server of Colophon's, or only half of its answer came.`;
      throw new HarnessError("store-unavailable", sentence, { cause });
    }
  }

  /** The answer as its head arrives, for streams. @throws HarnessError `store-unavailable`. */
  open(request: ServerRequest, signal?: AbortSignal): Promise<http.IncomingMessage> {
    const { place } = this;
    const { method, path } = request;
    const { body, headers } = bodyOf(request);
    return new Promise((resolve, reject) => {
      let isAnswered = false;
      const sent = this.#client.request(`${place.origin}/v1/projects/${place.project}${path}`, {
        method,
        agent: this.#agent,
        ...(signal === undefined ? {} : { signal }),
        headers: { authorization: `Bearer ${place.apiKey}`, ...headers, ...request.headers },
      });
      sent.once("socket", (socket: Socket) => {
        socket.unref();
        // Between two requests nobody hears a connection's errors, and one of them would end the process.
        if (!socket.listeners("error").includes(ignore)) socket.on("error", ignore);
      });
      sent.setTimeout(this.#silence, () => sent.destroy(new Error("it says nothing")));
      sent.on("error", (error: NodeJS.ErrnoException) => {
        // A connection that was kept open may have been closed just as it was used again; asking twice does no harm here.
        const isStale = !isAnswered && sent.reusedSocket && error.code === "ECONNRESET";
        if (isStale) resolve(this.open(request, signal));
        else reject(this.#unreachable(error));
      });
      sent.once("response", (answer) => {
        isAnswered = true;
        resolve(answer);
      });
      sent.end(body);
    });
  }

  /** What an answer of another status than 2xx or 304 means. */
  refusal({ status, headers, text }: ServerAnswer): HarnessError {
    const { name, apiKey } = this.place;
    const details: RefusalDetails & Record<string, unknown> = {
      status,
      retryAfter: retryAfter({ headers }, this.#clock.now()),
    };
    if (status >= 300 && status < 400) {
      const sentence = `The server ${name} sends elsewhere (${status}); give the address it leads to, the key goes to no other.`;
      return new HarnessError("store-unavailable", sentence, { details });
    }
    const said = saidIn(text);
    const code = ERROR_CODES.find((one) => one === said.code) ?? "store-unavailable";
    const message =
      said.message === undefined
        ? `The server ${name} answered ${status} without saying why.`
        : said.message.replaceAll(apiKey, "(key)").slice(0, MESSAGE_LENGTH);
    return new HarnessError(code, message, { details });
  }

  close(): void {
    this.#agent.destroy();
  }

  #unreachable(cause: unknown): HarnessError {
    const { code, message } = cause as NodeJS.ErrnoException;
    return new HarnessError(
      "store-unavailable",
      `The server ${this.place.name} does not answer (${code === "ABORT_ERR" ? "not in time" : (code ?? message)}).`,
      { cause },
    );
  }
}

function ignore(): void {}

/** The details of a refusal; undefined where no server answered. */
export function refusalDetails(error: unknown): RefusalDetails | undefined {
  const { details } = (error ?? {}) as { readonly details?: Partial<RefusalDetails> };
  return typeof details?.status === "number" ? (details as RefusalDetails) : undefined;
}

/** How long the server may ask us to wait. */
const LONGEST_WAIT_MS = 300_000;
/** Milliseconds until a refused key is tried again: somebody has to act first. */
const REFUSED_MS = 30_000;

/** Milliseconds for which a refusal stands; 0 where trying again may help at once. */
export function refusedFor(error: unknown): number {
  const { status = 0, retryAfter: asked = null } = refusalDetails(error) ?? {};
  if (asked !== null) return Math.min(asked, LONGEST_WAIT_MS);
  return status >= 400 && status < 500 && status !== 429 ? REFUSED_MS : 0;
}

function bodyOf({ body }: ServerRequest): {
  readonly body: Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string | number>>;
} {
  if (body === undefined) return { body, headers: { "accept-encoding": "gzip" } };
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  return {
    body: bytes,
    headers: { "content-type": "application/json", "content-length": bytes.byteLength },
  };
}

async function readBody(answer: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > ANSWER_BYTES) throw new Error("its answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function saidIn(text: string): { readonly code?: string; readonly message?: string } {
  try {
    const { error } = JSON.parse(text) as { readonly error?: Record<string, unknown> };
    const { code, message } = error ?? {};
    return {
      ...(typeof code === "string" ? { code } : {}),
      ...(typeof message === "string" ? { message } : {}),
    };
  } catch {
    // A proxy's page is no word of the server.
    return {};
  }
}
