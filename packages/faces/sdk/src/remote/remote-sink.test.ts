/** The sink of a server over real HTTP and real files: whatever fails, each row arrives once or is counted. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LedgerEntry, type LedgerSink, systemClock, systemRandom } from "@colophon/kernel";
import { spoolFiles } from "@colophon/storage/spool";
import { anExecution, anOutcome, fixedClock, seededIds } from "@colophon/testkit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { QUICK } from "./quick-pace.fixture.ts";
import type { RemotePace } from "./remote-pace.ts";
import { createRemoteSink } from "./remote-sink.ts";
import { KEY, type LedgerFault, startServer, type TestServer } from "./server.fixture.ts";
import { ServerCalls } from "./server-calls.ts";
import { serverPlace } from "./server-place.ts";
import { startProxy } from "./tcp-proxy.fixture.ts";
import { until } from "./until.fixture.ts";

let folder: string;
let spoolDir: string;
let server: TestServer;
let notices: string[];
const ids = seededIds({ clock: fixedClock(), seed: 7 });
const opened: LedgerSink[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-sink-"));
  spoolDir = join(folder, "spool");
  notices = [];
  server = await startServer();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((sink) => sink.close()));
  await server.stop().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

interface Options {
  readonly url?: string;
  readonly spoolLimit?: number;
  readonly memoryLimit?: number;
  readonly silenceMs?: number;
  readonly pace?: Partial<RemotePace>;
}

function openSink({ url = server.url, silenceMs = 2_000, pace = {}, ...options }: Options = {}): LedgerSink {
  const sink = createRemoteSink({
    calls: new ServerCalls(serverPlace(url, KEY), { silenceMs }),
    spoolDir,
    spoolLimit: 64 * 1024 * 1024,
    durability: "kill",
    clock: systemClock,
    ids,
    random: systemRandom,
    pace: { ...QUICK, ...pace },
    onNotice: (message) => notices.push(message),
    ...options,
  });
  opened.push(sink);
  return sink;
}

const contents = (length: number) => {
  return { inputDigest: "ab", outputDigest: null, variables: "v".repeat(length), output: null, days: null };
};
const arrived = () => [...server.rows.values()].filter(({ kind }) => kind !== "gap");
const gaps = () => [...server.rows.values()].flatMap((entry) => (entry.kind === "gap" ? [entry.row] : []));
const waiting = () => spoolFiles(spoolDir).filter(({ bytes }) => bytes > 0);
const posts = () => server.requests.filter(({ path }) => path.endsWith("/ledger")).length;

describe("Rows on their way to a server", () => {
  it("are on disk at once and in the server's store after flush, in order, whatever kind they are", async () => {
    const sink = openSink();
    const rows = Array.from({ length: 700 }, () => anExecution(ids));
    for (const row of rows) expect(sink.write(row)).toBe("spooled");
    expect(spoolFiles(spoolDir)).toMatchObject([{ live: true }]);
    expect(sink.writeOutcome(anOutcome(ids, rows[0]?.id as never))).toBe("spooled");
    sink.gap("rendered-not-recorded", { prompt: "a", count: 2, reason: "r" });
    await sink.flush();
    expect(
      arrived()
        .map(({ row }) => (row as { id: string }).id)
        .slice(0, 700),
    ).toEqual(rows.map(({ id }) => id));
    expect(arrived()).toHaveLength(701);
    expect(gaps()).toMatchObject([{ kind: "rendered-not-recorded", prompt: "a", count: 2 }]);
    expect(waiting()).toEqual([]);
    expect([...server.sent.values()].every((times) => times === 1)).toBe(true);
    expect(posts()).toBeLessThan(20);
  });

  it("survive any sequence of failures before, during and after the commit: each arrives, none is counted as lost", async () => {
    const faults: LedgerFault[] = [
      "drop-before",
      "drop-after",
      "cut-answer",
      "busy",
      "away",
      "half",
      "broken-answer",
      "none",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...faults), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (planned, bursts, reopens) => {
          server.rows.clear();
          server.faults.splice(0, server.faults.length, ...planned);
          let sink = openSink();
          const written: string[] = [];
          for (const burst of bursts) {
            for (let index = 0; index < burst; index++) {
              const row = anExecution(ids, { contents: index % 3 === 0 ? contents(500) : null });
              written.push(row.id);
              expect(sink.write(row)).toBe("spooled");
            }
            await new Promise((resolve) => setImmediate(resolve));
            if (!reopens) continue;
            await sink.close();
            sink = openSink();
          }
          await until(() => server.rows.size >= written.length);
          await sink.flush();
          expect([...server.rows.keys()].sort()).toEqual([...written].sort());
          await until(() => waiting().length === 0);
          await sink.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it("arrive over a slow network, and over one that is cut in the middle of a batch or goes dead", async () => {
    const proxy = await startProxy(server.port);
    const sink = openSink({ url: proxy.url, silenceMs: 100 });
    const write = () => Array.from({ length: 400 }, () => sink.write(anExecution(ids)));
    proxy.delay = 20;
    write();
    await sink.flush();
    proxy.cutAfter = 2_000;
    write();
    await until(() => notices.length > 0);
    proxy.cutAfter = 0;
    await sink.flush();
    proxy.isDead = true;
    write();
    await new Promise((resolve) => setTimeout(resolve, 150));
    proxy.isDead = false;
    proxy.cut();
    await sink.flush();
    expect(arrived()).toHaveLength(1_200);
    expect(gaps()).toEqual([]);
    expect(notices.filter((message) => message.includes("takes rows again"))).not.toEqual([]);
    await proxy.stop();
  });

  it("that the server refuses are counted as gaps and said once, and hinder no other", async () => {
    server.refuse = ({ kind, row }) =>
      kind === "execution" && row.prompt === "bad" ? "not-allowed" : undefined;
    const sink = openSink();
    for (let index = 0; index < 30; index++)
      sink.write(anExecution(ids, { prompt: index % 3 === 0 ? "bad" : "good" }));
    await sink.flush();
    await sink.flush();
    expect(arrived()).toHaveLength(20);
    expect(gaps().reduce((sum, { count }) => sum + count, 0)).toBe(10);
    expect(gaps()[0]).toMatchObject({
      kind: "dropped-row",
      prompt: "bad",
      reason: expect.stringContaining("not-allowed"),
    });
    expect(notices).toEqual([expect.stringContaining('A record of "bad" was dropped and counted')]);
  });

  it("that are too large for the server go without their contents, alone, and that is counted", async () => {
    server.mostBytes = 20_000;
    const sink = openSink();
    const rows = Array.from({ length: 40 }, (_, index) =>
      anExecution(ids, { contents: index === 20 ? contents(50_000) : null }),
    );
    for (const row of rows) sink.write(row);
    await sink.flush();
    await sink.flush();
    expect(arrived()).toHaveLength(40);
    const lean = server.rows.get(rows[20]?.id as string) as Extract<LedgerEntry, { kind: "execution" }>;
    expect(lean.row.contents).toEqual({ ...contents(0), variables: null });
    expect(gaps()).toMatchObject([{ kind: "dropped-contents", count: 1 }]);
  });

  it.each([
    ["refuses all that comes", 400, "<html>Bad Request</html>"],
    ["refuses all that comes in JSON of its own", 422, '{"error":"no"}'],
    ["says yes to all that comes", 200, "{}"],
    ["greets all who come", 200, '{"ok":true,"refused":[]}'],
  ])("wait while somebody on the way %s, and none is given up", async (_, status, said) => {
    server.answer = (request, response) => {
      request.resume().once("end", () => response.writeHead(status, { "retry-after": "0" }).end(said));
      return true;
    };
    const sink = openSink();
    for (let index = 0; index < 5; index++) sink.write(anExecution(ids));
    await until(() => posts() > 3);
    server.answer = undefined;
    await sink.flush();
    await sink.flush();
    expect(arrived()).toHaveLength(5);
    expect(gaps()).toEqual([]);
  });

  it("are too large for somebody on the way alone: they go without their contents", async () => {
    server.answer = (request, response) => {
      if (Number(request.headers["content-length"]) < 2_000) return false;
      request.resume().once("end", () => response.writeHead(413).end("<html>"));
      return true;
    };
    const sink = openSink();
    const random = { ...contents(0), variables: randomBytes(20_000).toString("base64") };
    sink.write(anExecution(ids, { contents: random }));
    await sink.flush();
    await sink.flush();
    expect(arrived()).toHaveLength(1);
    expect(gaps()).toMatchObject([{ kind: "dropped-contents", count: 1 }]);
  });

  it("wait as long as the server asks, and flush says what is left", async () => {
    server.answer = (request, response) => {
      if (!request.url?.endsWith("/ledger")) return false;
      request.resume().once("end", () => response.writeHead(503, { "retry-after": "60" }).end("{}"));
      return true;
    };
    const sink = openSink({ pace: { flushMs: 1_000 } });
    for (let index = 0; index < 5; index++) sink.write(anExecution(ids));
    await expect(sink.flush()).rejects.toMatchObject({
      code: "store-unavailable",
      details: { spooled: 5, inMemory: 0 },
      message: expect.stringContaining("5 rows still wait in the spool"),
    });
    await expect(sink.flush()).rejects.toThrow("5 rows still wait");
    expect(posts()).toBe(1);
  });
});

describe("A spool with a limit", () => {
  it("gives up contents first, then rows beyond what memory holds; all of it is counted when the server is back", async () => {
    const { port } = server;
    await server.stop();
    const sink = openSink({ spoolLimit: 60_000, memoryLimit: 10 });
    const receipts = Array.from({ length: 100 }, () =>
      sink.write(anExecution(ids, { contents: contents(1_000) })),
    );
    const [firstMemory, firstDropped] = [receipts.indexOf("memory"), receipts.indexOf("dropped")];
    expect(firstMemory).toBeGreaterThan(20);
    expect(firstDropped).toBe(firstMemory + 10);
    const used = spoolFiles(spoolDir).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(used).toBeLessThanOrEqual(60_000);
    server = await startServer({ port });
    await sink.flush();
    await sink.flush();
    expect(arrived()).toHaveLength(firstDropped);
    const lost = (kind: string) =>
      gaps()
        .filter((gap) => gap.kind === kind)
        .reduce((sum, { count }) => sum + count, 0);
    expect(lost("dropped-row")).toBe(100 - firstDropped);
    const lean = arrived().filter(
      ({ row }) => (row as { contents: { variables: unknown } }).contents.variables === null,
    );
    expect(lean.length).toBeGreaterThan(0);
    expect(lost("dropped-contents")).toBe(lean.length);
    expect(notices.some((message) => message.includes("takes no rows (it is full)"))).toBe(true);
  });

  it("counts what other processes left in the folder", async () => {
    await server.stop();
    const first = openSink({ spoolLimit: 40_000 });
    for (let index = 0; index < 15; index++) first.write(anExecution(ids));
    await first.close();
    const left = waiting()[0]?.bytes as number;
    expect(left).toBeGreaterThan(5_000);
    const second = openSink({ spoolLimit: left + 3_000, memoryLimit: 0 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const receipts = Array.from({ length: 10 }, () => second.write(anExecution(ids)));
    expect(receipts).toContain("spooled");
    expect(receipts.at(-1)).toBe("dropped");
  });

  it("frees the room of what arrived while more comes without a pause", async () => {
    const sink = openSink();
    let biggest = 0;
    for (let turn = 0; turn < 60; turn++) {
      for (let index = 0; index < 100; index++) sink.write(anExecution(ids, { contents: contents(6_000) }));
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (turn % 10 === 0)
        biggest = Math.max(
          biggest,
          spoolFiles(spoolDir).reduce((sum, { bytes }) => sum + bytes, 0),
        );
    }
    await sink.flush();
    expect(arrived()).toHaveLength(6_000);
    expect(waiting()).toEqual([]);
    expect(readdirSync(spoolDir).filter((name) => name.endsWith(".spool")).length).toBe(1);
    expect(biggest).toBeGreaterThan(0);
  });

  it("that cannot be written keeps rows in memory, and they arrive", async () => {
    writeFileSync(join(folder, "spool"), "");
    const sink = openSink();
    expect(sink.write(anExecution(ids))).toBe("memory");
    await sink.flush();
    expect(arrived()).toHaveLength(1);
    expect(notices[0]).toMatch(/takes no rows \((ENOTDIR|EEXIST)\)/);
  });
});

describe("A sink that closes", () => {
  it("leaves on disk what did not arrive, in a bounded time, also what is written after", async () => {
    const { port } = server;
    await server.stop();
    const sink = openSink();
    sink.write(anExecution(ids));
    await sink.close();
    expect(sink.write(anExecution(ids))).toBe("spooled");
    expect(waiting()).toMatchObject([{ live: false }, { live: false }]);
    server = await startServer({ port });
    openSink();
    await until(() => arrived().length === 2);
    await until(() => spoolFiles(spoolDir).length === 0);
    expect(existsSync(spoolDir) && readdirSync(spoolDir)).toEqual([]);
  });

  it("counts the lines of a damaged spool as one gap, however often they are sent", async () => {
    const { port } = server;
    await server.stop();
    const first = openSink();
    for (let index = 0; index < 3; index++) first.write(anExecution(ids));
    await first.close();
    const [left] = waiting();
    const path = left?.path as string;
    const size = statSync(path).size;
    writeFileSync(path, Buffer.alloc(40, 0x21), { flag: "r+" });
    expect(statSync(path).size).toBe(size);
    server = await startServer({ port });
    server.faults.push("drop-after", "half");
    openSink();
    await until(() => arrived().length === 2 && waiting().length === 0);
    expect(gaps()).toMatchObject([
      { kind: "dropped-row", count: 1, reason: expect.stringContaining("unreadable lines") },
    ]);
  });
});
