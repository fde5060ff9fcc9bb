/** Serves real stores over real sockets: comes up before its database does, and goes down without losing anything. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer as createProxy, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openInstallation } from "@colophon/harness";
import type { Scope } from "@colophon/kernel";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningServer, type ServeOptions, serve } from "./serve.ts";

const postgres = usePostgres();
const PATIENCE = { timeout: 20_000 };
const MASTER_KEY = "a master key of thirty-two characters and more";

let folder: string;
let running: RunningServer;
let logged: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-serve-"));
  logged = [];
});
afterEach(async () => {
  await running?.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(more: Partial<ServeOptions> = {}): Promise<RunningServer> {
  const log = pino({}, { write: (line: string) => void logged.push(line) });
  return serve({ cwd: folder, host: "127.0.0.1", port: 0, log, ...more });
}

async function makeKey(scopes: readonly Scope[], store?: string): Promise<string> {
  const actor = { id: "grace", via: "cli" } as const;
  const desk = await openInstallation({ cwd: folder, mode: "write", actor, store, masterKey: MASTER_KEY });
  const { secret } = await desk.installation.keys.create({
    ...{ name: "test", project: "main", environments: null, scopes, expires: null, by: "grace" },
  });
  await desk.close();
  return secret;
}

async function statusOf(path: string, key?: string): Promise<number> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${running.url}${path}`, { headers });
  await answer.text();
  return answer.status;
}

async function metrics(): Promise<string> {
  return (await fetch(`${running.url}/metrics`)).text();
}

describe("a server on an embedded store", () => {
  it("says whether anybody can come in, and lets in a key that is made meanwhile", async () => {
    running = await start();
    expect(await running.ready).toMatchObject({ isOpenToAnybody: false });
    const key = await makeKey(["read"]);
    expect(await statusOf("/v1/projects/~/environments", key)).toBe(200);
    await running.close();
    running = await start();
    expect(await running.ready).toMatchObject({ isOpenToAnybody: true });
  });

  it("ends streams with a word of good-bye, finishes, and then takes nobody in", async () => {
    running = await start();
    await running.ready;
    const key = await makeKey(["resolve"]);
    const headers = { authorization: `Bearer ${key}` };
    const stream = await fetch(`${running.url}/v1/projects/~/events?environment=staging`, { headers });
    expect(stream.status).toBe(200);
    const heard = stream.text();
    await running.close();
    expect(await heard).toContain("event: bye");
    expect(logged.join("")).toContain('"stopped"');
    await expect(fetch(`${running.url}/healthz`)).rejects.toThrow();
  });

  it("lets a request that is under way come to its end", async () => {
    running = await start();
    await running.ready;
    const key = await makeKey(["record"]);
    // The body comes slowly: the server is told to end while it waits for the rest.
    const rest = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(Buffer.from("["));
        await rest.promise;
        controller.enqueue(Buffer.from("]"));
        controller.close();
      },
    });
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const asked = fetch(`${running.url}/v1/projects/~/ledger`, {
      ...{ method: "POST", headers, body, duplex: "half" },
    } as RequestInit);
    // Itself, and the one that waits.
    await expect.poll(metrics, PATIENCE).toContain("colophon_http_requests_running 2");
    const closed = running.close();
    rest.resolve();
    expect((await asked).status).toBe(200);
    await closed;
  });

  it("refuses a port that is taken with one sentence", async () => {
    running = await start();
    await expect(start({ port: running.port })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("a server on PostgreSQL", () => {
  it("does not start without a master key, since each server would sign sessions with its own", async () => {
    const running = start({ store: postgres().url("nowhere") });
    await expect(running).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/^Servers on PostgreSQL .* set COLOPHON_SECRET .*\.$/),
    });
    await expect(running).rejects.not.toThrow(postgres().password);
  });
});

describe("a server whose PostgreSQL is away", () => {
  let proxy: Wire | undefined;
  afterEach(() => proxy?.cut());

  it("lives, says that it is not ready, and serves as soon as the database is there", async () => {
    const database = await postgres().takeDatabase();
    const port = await freePort();
    const url = postgres().url(database).replace(`:${postgres().port}/`, `:${port}/`);
    running = await start({ store: url, masterKey: MASTER_KEY });
    expect(await statusOf("/healthz")).toBe(200);
    expect(await statusOf("/readyz")).toBe(503);
    expect(await statusOf("/v1/projects/~/environments", "clp_any")).toBe(503);
    await expect.poll(() => logged.join(""), PATIENCE).toContain("waiting for the store");
    expect(logged.join("")).not.toContain(postgres().password);
    proxy = await forward(port, postgres().port);
    await running.ready;
    expect(await statusOf("/readyz")).toBe(200);
    const key = await makeKey(["read"], url);
    expect(await statusOf("/v1/projects/~/environments", key)).toBe(200);

    // The network is cut in the midst of it, and comes back.
    const cut = proxy;
    cut.cut();
    await expect.poll(() => statusOf("/readyz"), PATIENCE).toBe(503);
    expect(await statusOf("/healthz")).toBe(200);
    expect(await statusOf("/v1/projects/~/environments", key)).toBe(503);
    proxy = await forward(port, postgres().port);
    await expect.poll(() => statusOf("/readyz"), PATIENCE).toBe(200);
    expect(await statusOf("/v1/projects/~/environments", key)).toBe(200);
    await running.close();
    await postgres().giveBack(database);
  });
});

async function freePort(): Promise<number> {
  const taken = createProxy();
  await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
  const { port } = taken.address() as { readonly port: number };
  await new Promise((done) => taken.close(done));
  return port;
}

interface Wire {
  /** Ends what goes over it, and takes nothing more. */
  cut(): void;
}

/** The network in between, as it comes up. */
async function forward(from: number, to: number): Promise<Wire> {
  const ends = new Set<Socket>();
  const proxy = createProxy((near: Socket) => {
    const far = connect(to, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((done) => proxy.listen(from, "127.0.0.1", done));
  return {
    cut() {
      proxy.close();
      for (const end of ends) end.destroy();
    },
  };
}
