/** A server in this process over an installation in a folder of its own, with two projects and a clock that stands still. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type InstallationDesk, openInstallation } from "@colophon/harness";
import { FIRST_PROJECT, type KeyRequest } from "@colophon/kernel";
import { type FixedClock, fixedClock } from "@colophon/testkit";
import { type Logger, pino } from "pino";
import { createServer, type Server, type ServerOptions } from "./create-server.ts";
import { DEFAULT_LIMITS, type ServerLimits, type ServerParts } from "./server-parts.ts";

export interface ServerWorld {
  readonly desk: InstallationDesk;
  readonly parts: ServerParts;
  readonly server: Server;
  readonly clock: FixedClock;
  /** What was logged, line by line. */
  readonly logged: readonly string[];
  readonly stop: AbortController;
  /** A new key's secret. */
  key(request: Partial<KeyRequest>): Promise<string>;
  ask(method: string, path: string, more?: Asking): Promise<Answered>;
  close(): Promise<void>;
}

export interface Asking {
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

export const OTHER_PROJECT = "other";

export async function openServerWorld(
  more: {
    readonly limits?: Partial<ServerLimits>;
    readonly options?: ServerOptions;
    /** A database in place of the folder. */
    readonly store?: string;
    readonly change?: (desk: InstallationDesk) => InstallationDesk;
  } = {},
): Promise<ServerWorld> {
  const folder = mkdtempSync(join(tmpdir(), "colophon-server-"));
  const clock = fixedClock();
  const opened = await openDesk({ folder, store: more.store ?? folder, clock });
  const desk = more.change?.(opened) ?? opened;
  const logged: string[] = [];
  const log: Logger = pino({ level: "trace" }, { write: (line: string) => void logged.push(line) });
  const stop = new AbortController();
  const parts: ServerParts = {
    desk,
    clock,
    log,
    limits: { ...DEFAULT_LIMITS, ...more.limits },
    stopping: stop.signal,
  };
  const server = createServer(parts, more.options);
  return {
    desk,
    parts,
    server,
    clock,
    logged,
    stop,
    async key(request) {
      const { secret } = await desk.installation.keys.create({
        name: "test",
        project: FIRST_PROJECT,
        environments: null,
        scopes: ["read"],
        expires: null,
        by: "grace",
        ...request,
      });
      return secret;
    },
    ask: (method, path, asking = {}) => ask(server, { method, path, ...asking }),
    async close() {
      stop.abort();
      await server.close();
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openDesk(place: {
  readonly folder: string;
  readonly store: string;
  readonly clock: FixedClock;
}): Promise<InstallationDesk> {
  const { folder, store, clock } = place;
  const desk = await openInstallation({
    ...{ store, cwd: folder, mode: "write", clock },
    masterKey: "a master key of thirty-two characters and more",
    actor: { id: "grace", via: "server" },
  });
  await desk.installation.projects.create({ id: OTHER_PROJECT, name: "Other" });
  return desk;
}

async function ask(
  server: Server,
  { method, path, key, body, headers = {} }: Asking & { readonly method: string; readonly path: string },
): Promise<Answered> {
  const answer = await server.request(path, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
}
