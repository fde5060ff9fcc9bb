/** Processes and threads on one machine that record to one server: killed, side by side, heirs of each other. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KEY, startServer, type TestServer } from "./server.fixture.ts";
import { until } from "./until.fixture.ts";

const APPLICATION = fileURLToPath(new URL("remote-application.fixture.ts", import.meta.url));

interface Said {
  readonly id: string;
  readonly receipt: string;
}

let folder: string;
let server: TestServer;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-workers-"));
  server = await startServer();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await server.stop().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

function start(name: string) {
  const child = spawn(process.execPath, [APPLICATION, server.url, folder, name], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const said: Said[] = [];
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    said.push(...lines.map((line) => JSON.parse(line) as Said));
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    said,
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    stop: async () => {
      child.stdin.end("stop\n");
      await ended;
    },
  };
}

function expectAll(said: readonly Said[]): void {
  expect(said.every(({ receipt }) => receipt === "spooled")).toBe(true);
  expect(said.filter(({ id }) => !server.rows.has(id))).toEqual([]);
}

it("A process that is killed with rows on disk loses none: the next start sends them, each once in effect", async () => {
  const { port } = server;
  await server.stop();
  const first = start("first");
  await until(() => first.said.length > 50);
  await first.kill();
  server = await startServer({ port });
  const second = start("second");
  await until(() => first.said.every(({ id }) => server.rows.has(id)));
  await second.stop();
  expectAll([...first.said, ...second.said]);
  expect([...server.rows.values()].filter(({ kind }) => kind === "gap")).toEqual([]);
}, 60_000);

it("Of two processes side by side the living one sends what the killed one left, also after an outage", async () => {
  const { port } = server;
  const [one, two] = [start("one"), start("two")];
  await until(() => one.said.length > 20 && two.said.length > 20);
  await server.stop();
  const { length } = one.said;
  await until(() => one.said.length > length + 50);
  await one.kill();
  server = await startServer({ port, like: server });
  await until(() => one.said.every(({ id }) => server.rows.has(id)));
  await two.stop();
  expectAll([...one.said, ...two.said]);
  expect(
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".spool")),
  ).toEqual([]);
}, 60_000);

it("Threads of one process record side by side, and one that is terminated loses nothing it was promised", async () => {
  const workers = ["one", "two", "three"].map((name) => {
    const said: Said[] = [];
    const worker = new Worker(APPLICATION, { workerData: [server.url, folder, name] });
    worker.on("message", (message: Said) => said.push(message));
    return { worker, said };
  });
  await until(() => workers.every(({ said }) => said.length > 20));
  await workers[0]?.worker.terminate();
  await until(() => (workers[0]?.said ?? []).every(({ id }) => server.rows.has(id)));
  for (const { worker } of workers.slice(1)) {
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage("stop");
    await ended;
  }
  expectAll(workers.flatMap(({ said }) => said));
}, 60_000);

it("A process that only ends has sent its rows, and nothing of ours keeps it from ending", async () => {
  const code = `
    import { openRemote } from ${JSON.stringify(new URL("open-remote.ts", import.meta.url).href)};
    const options = { environment: "production", apiKey: ${JSON.stringify(KEY)}, folder: ${JSON.stringify(folder)}, onNotice() {} };
    const colophon = openRemote({ address: ${JSON.stringify(server.url)}, options, variables: {} });
    await colophon.ready();
    colophon.outcome("019b76da-a800-7000-8000-000000000001", { name: "thumbs", value: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  children.push(child);
  const ended = await new Promise((resolve) => child.once("close", resolve));
  expect(ended).toBe(0);
  expect([...server.rows.values()].filter(({ kind }) => kind === "outcome")).toHaveLength(1);
  expect(server.followers.size).toBe(0);
  expect(server.streams()).toBe(0);
}, 60_000);
