/** Tests how errors are told apart, on those that real clients throw at a real server. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { generateText } from "ai";
import { generateText as generateText6 } from "ai-6";
import { createOpenAI as createOpenAI6 } from "ai-6-openai";
import Anthropic0 from "anthropic-0";
import OpenAI from "openai";
import OpenAI6 from "openai-6";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ErrorKind, errorKind, retryAfter } from "./error-kind.ts";

let server: Server;
let origin: string;
/** Where nobody listens any more. */
let nowhere: string;

/** `/429/…` answers with 429, `/hangup/…` closes the connection, `/stall/…` never answers. */
beforeAll(async () => {
  const gone = createServer();
  nowhere = await listen(gone);
  await new Promise((done) => gone.close(done));
  server = createServer((request, response) => {
    const what = request.url?.split("/")[1] ?? "";
    if (what === "hangup") request.socket.destroy();
    else if (what === "cut") {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write('{"id":');
      setTimeout(() => request.socket.destroy(), 5);
    } else if (what !== "stall") {
      response.writeHead(Number(what), { "content-type": "application/json", "retry-after": "7" });
      response.end(JSON.stringify({ type: "error", error: { type: "x", message: "no" } }));
    }
  });
  origin = await listen(server);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function listen(on: Server): Promise<string> {
  await new Promise<void>((done) => on.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(on.address() as AddressInfo).port}`;
}

interface Sending {
  readonly baseURL: string;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}
type Send = (sending: Sending) => Promise<unknown>;

const messages = [{ role: "user" as const, content: "hi" }];
const apiKey = "none";

const CLIENTS: readonly (readonly [string, Send])[] = [
  [
    "openai",
    ({ baseURL, timeout, signal }) =>
      new OpenAI({ baseURL, apiKey, timeout, maxRetries: 0 }).chat.completions.create(
        { model: "m", messages },
        { signal },
      ),
  ],
  [
    "openai 6",
    ({ baseURL, timeout, signal }) =>
      new OpenAI6({ baseURL, apiKey, timeout, maxRetries: 0 }).chat.completions.create(
        { model: "m", messages },
        { signal },
      ),
  ],
  [
    "anthropic",
    ({ baseURL, timeout, signal }) =>
      new Anthropic({ baseURL, apiKey, timeout, maxRetries: 0 }).messages.create(
        { model: "m", max_tokens: 9, messages },
        { signal },
      ),
  ],
  [
    "anthropic 0",
    ({ baseURL, timeout, signal }) =>
      new Anthropic0({ baseURL, apiKey, timeout, maxRetries: 0 }).messages.create(
        { model: "m", max_tokens: 9, messages },
        { signal },
      ),
  ],
  [
    "ai",
    ({ baseURL, timeout, signal }) =>
      generateText({
        model: createOpenAI({ baseURL, apiKey }).chat("m"),
        prompt: "hi",
        maxRetries: 0,
        abortSignal: signal ?? (timeout === undefined ? undefined : AbortSignal.timeout(timeout)),
      }),
  ],
  [
    "ai 6",
    ({ baseURL, timeout, signal }) =>
      generateText6({
        model: createOpenAI6({ baseURL, apiKey }).chat("m"),
        prompt: "hi",
        maxRetries: 0,
        abortSignal: signal ?? (timeout === undefined ? undefined : AbortSignal.timeout(timeout)),
      }),
  ],
  [
    "fetch",
    async ({ baseURL, timeout, signal }) => {
      const own = signal ?? (timeout === undefined ? null : AbortSignal.timeout(timeout));
      const response = await fetch(baseURL, { signal: own });
      if (!response.ok) throw Object.assign(new Error("not ok"), { response });
      return response.json();
    },
  ],
];

/** It waits for two seconds before it tries again, unless it is told otherwise. */
const RETRYING: readonly [string, Send] = [
  "ai that gave up its own retries",
  ({ baseURL, timeout, signal }) =>
    generateText({
      model: createOpenAI({
        baseURL,
        apiKey,
        fetch: async (...given) => {
          const response = await fetch(...given);
          return new Response(response.body, {
            status: response.status,
            headers: { "retry-after-ms": "1" },
          });
        },
      }).chat("m"),
      prompt: "hi",
      maxRetries: 1,
      abortSignal: signal ?? (timeout === undefined ? undefined : AbortSignal.timeout(timeout)),
    }),
];

async function errorOf(send: Send, sending: Sending): Promise<unknown> {
  return send(sending).then(
    () => expect.fail("it answered"),
    (error: unknown) => error,
  );
}

describe.each([...CLIENTS, RETRYING])("an error of %s", (_, send) => {
  it.each<readonly [number, ErrorKind | null]>([
    [400, null],
    [401, null],
    [404, null],
    [408, "timeout"],
    [429, "rate-limit"],
    [500, "server"],
    [502, "server"],
    [503, "overloaded"],
    [504, "server"],
    [529, "overloaded"],
  ])("with the status %i", async (status, kind) => {
    expect(errorKind(await errorOf(send, { baseURL: `${origin}/${status}` }))).toBe(kind);
  });
});

describe.each(CLIENTS)("an error of %s", (_, send) => {
  it("that found nobody there, or was hung up on", async () => {
    expect(errorKind(await errorOf(send, { baseURL: nowhere }))).toBe("connection");
    expect(errorKind(await errorOf(send, { baseURL: `${origin}/hangup` }))).toBe("connection");
  });

  it("whose answer broke off", async () => {
    expect(errorKind(await errorOf(send, { baseURL: `${origin}/cut` }))).toBe("connection");
  });

  it("that waited for too long", async () => {
    expect(errorKind(await errorOf(send, { baseURL: `${origin}/stall`, timeout: 30 }))).toBe("timeout");
  });

  it("that was aborted", async () => {
    const signal = AbortSignal.abort();
    expect(errorKind(await errorOf(send, { baseURL: `${origin}/stall`, signal }))).toBeNull();
  });
});

describe("Retry-After", () => {
  it.each(CLIENTS)("is read from %s", async (_, send) => {
    expect(retryAfter(await errorOf(send, { baseURL: `${origin}/429` }), 0)).toBe(7_000);
  });

  it("is read from the last of several tries", async () => {
    const [, send] = RETRYING;
    expect(retryAfter(await errorOf(send, { baseURL: `${origin}/429` }), 0)).toBe(1);
  });

  it("is a pause, a date, or nothing that can be read", () => {
    const of = (value: unknown) => retryAfter({ headers: { "retry-after": value } }, 1_000_000);
    expect(of("1.5")).toBe(1_500);
    expect(of(new Date(1_010_000).toUTCString())).toBe(10_000);
    expect(of(new Date(0).toUTCString())).toBe(0);
    for (const value of ["soon", "", 7, null]) expect(of(value)).toBeNull();
  });
});

describe("an error of any kind", () => {
  it("of a stream is told by its code or type, since the status was 200", () => {
    const { APIError } = OpenAI;
    const streamed = (error: object) =>
      new APIError(undefined as never, error, undefined, undefined as never);
    expect(errorKind(streamed({ code: "rate_limit_exceeded" }))).toBe("rate-limit");
    expect(errorKind(streamed({ type: "server_error" }))).toBe("server");
    expect(errorKind(streamed({ code: "content_filter" }))).toBeNull();
    expect(errorKind({ type: "overloaded_error" })).toBe("overloaded");
  });

  it("is told by the codes of the platform, also below others", () => {
    const coded = (code: string) => Object.assign(new Error("x"), { code });
    for (const code of [
      "ECONNREFUSED",
      "ECONNRESET",
      "ENOTFOUND",
      "EAI_AGAIN",
      "EHOSTUNREACH",
      "UND_ERR_SOCKET",
    ])
      expect(errorKind(coded(code))).toBe("connection");
    for (const code of ["ETIMEDOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT"])
      expect(errorKind(coded(code))).toBe("timeout");
    expect(errorKind(new Error("a", { cause: new Error("b", { cause: coded("EPIPE") }) }))).toBe(
      "connection",
    );
  });

  it("of a client in a bundle, whose class names are gone, is told by its message", () => {
    class a extends Error {}
    expect(errorKind(new a("Request timed out."))).toBe("timeout");
    expect(errorKind(new a("Connection error.", { cause: new TypeError("fetch failed") }))).toBe(
      "connection",
    );
    expect(errorKind(new a("Request was aborted."))).toBeNull();
  });

  it("that is a bug, or nothing at all, is of no kind", () => {
    const ring: { cause?: unknown } = {};
    ring.cause = ring;
    const hostile = new Proxy(new Error("x"), {
      get: () => {
        throw new Error("no");
      },
    });
    for (const error of [
      new TypeError("x is undefined"),
      new Error("fetch failed"),
      null,
      undefined,
      "429",
      429,
      ring,
      hostile,
    ]) {
      expect(errorKind(error)).toBeNull();
      expect(retryAfter(error, 0)).toBeNull();
    }
  });
});
