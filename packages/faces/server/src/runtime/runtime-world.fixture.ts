/** The runtime's routes over one project's real store, with a caller whose rights a test chooses. */
import type { Harness } from "@colophon/harness";
import type { House } from "@colophon/harness/opened-house.fixture";
import type { Right, Scope } from "@colophon/kernel";
import { type FixedClock, seededIds } from "@colophon/testkit";
import { Hono } from "hono";
import { pino } from "pino";
import { answerError } from "../requests/answer-error.ts";
import { DEFAULT_LIMITS, type ServerLimits } from "../server-parts.ts";
import { addRuntimeRoutes, type RuntimeEnv } from "./add-runtime-routes.ts";
import type { RuntimeMeter } from "./runtime-meter.ts";
import { type RuntimeOptions, RuntimeService } from "./runtime-service.ts";

export interface RuntimeWorld {
  readonly harness: Harness;
  readonly clock: FixedClock;
  readonly ids: ReturnType<typeof seededIds>;
  readonly logged: readonly string[];
  /** What was counted, as `[name, …what]`. */
  readonly counted: readonly (readonly unknown[])[];
  readonly service: RuntimeService;
  readonly stop: AbortController;
  /** Answers as a server does. */
  readonly fetch: (request: Request, env?: object) => Response | Promise<Response>;
  /** What the caller may from now on. */
  allow(...rights: readonly Right[]): void;
  ask(method: string, path: string, more?: Asking): Promise<Response>;
  close(): Promise<void>;
}

export interface Asking {
  readonly body?: unknown;
  /** Instead of `body`: as it stands. */
  readonly raw?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PROJECT = "main";
const BASE = `/v1/projects/${PROJECT}`;
const RUNTIME: readonly Scope[] = ["resolve", "record"];

export async function openRuntimeWorld(
  house: House,
  more: {
    readonly options?: RuntimeOptions;
    readonly limits?: Partial<ServerLimits>;
    readonly change?: (harness: Harness) => Harness;
  } = {},
): Promise<RuntimeWorld> {
  const opened = await house.open();
  const harness = more.change?.(opened.harness) ?? opened.harness;
  const { clock } = opened;
  const logged: string[] = [];
  const counted: (readonly unknown[])[] = [];
  const stop = new AbortController();
  let rights: readonly Right[] = [{ scopes: RUNTIME, environment: null }];
  const parts = {
    ...{ clock, stopping: stop.signal },
    desk: { project: async () => harness },
    log: pino({ level: "trace" }, { write: (line: string) => void logged.push(line) }),
    limits: { ...DEFAULT_LIMITS, ...more.limits },
  };
  const project = new Hono<RuntimeEnv>();
  project.use("*", async (context, next) => {
    const actor = { id: "key-1", via: "server" } as const;
    context.set("project", PROJECT);
    context.set("caller", { actor, project: PROJECT, rights });
    context.set("harness", { ...harness, actor });
    await next();
  });
  const runtime = addRuntimeRoutes(project, parts, { meter: countingMeter(counted), ...more.options });
  if (!(runtime instanceof RuntimeService)) throw new Error("The routes stand on their service.");
  const app = new Hono().route(BASE, project);
  app.onError((error, context) => {
    const { status, headers, document } = answerError(error);
    if (document.error.code === "bug") logged.push(String(error.stack));
    return context.json(document, status, headers);
  });
  return {
    ...{ harness, clock, logged, counted, stop, service: runtime },
    fetch: (request, env) => app.fetch(request, env),
    ids: seededIds({ clock, seed: "runtime" }),
    allow: (...given) => {
      rights = given;
    },
    ask: async (method, path, asking = {}) => app.request(`${BASE}${path}`, requestOf(method, asking)),
    async close() {
      stop.abort();
      await runtime.close();
      await opened.close();
    },
  };
}

function requestOf(method: string, { body, raw, headers = {} }: Asking): RequestInit {
  if (raw !== undefined) return { method, headers, body: raw, duplex: "half" } as RequestInit;
  if (body === undefined) return { method, headers };
  return { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

function countingMeter(counted: (readonly unknown[])[]): RuntimeMeter {
  const note =
    (name: string) =>
    (...what: readonly unknown[]): void =>
      void counted.push([name, ...what]);
  return {
    took: note("took"),
    committed: note("committed"),
    held: note("held"),
    listening: note("listening"),
    dropped: note("dropped"),
    served: note("served"),
    skewed: note("skewed"),
  };
}

/** An event as a client reads it. */
export interface HeardEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: string;
}

/** Reads a stream event by event; signs of life are events named `life`. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = "";

  constructor(response: Response) {
    if (response.body === null) throw new Error("The answer has no stream.");
    this.#reader = response.body.getReader();
  }

  /** The next event that is no sign of life; undefined at the end. */
  async next(): Promise<HeardEvent | undefined> {
    for (;;) {
      const heard = await this.any();
      if (heard?.event !== "life") return heard;
    }
  }

  async any(): Promise<HeardEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return eventOf(block);
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  /** Goes away, as a client does whose network is gone. */
  async leave(): Promise<void> {
    await this.#reader.cancel();
  }
}

function eventOf(block: string): HeardEvent {
  const field = (name: string): string | null =>
    block
      .split("\n")
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .replace(/^ /, "") ?? null;
  if (block.startsWith(":")) return { event: "life", id: null, data: block };
  return { event: field("event") ?? "message", id: field("id"), data: field("data") ?? "" };
}
