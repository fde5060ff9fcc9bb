/** Applications with the SDK on a server, all in processes of their own: what is released reaches them, and no row is lost or doubled when either is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type InstallationDesk, openInstallation } from "@colophon/harness";
import { FIRST_PROJECT, type Scope, systemClock } from "@colophon/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";

const SERVER = fileURLToPath(new URL("server-process.fixture.ts", import.meta.url));
const APPLICATION = fileURLToPath(
  new URL("../../../sdk/src/remote/remote-application.fixture.ts", import.meta.url),
);
const PROMPT = "remote.triage";

interface Said {
  readonly id: string;
  readonly receipt: string;
  readonly version: number | null;
}

let folder: string;
let store: string;
const children = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-served-"));
  store = join(folder, ".colophon");
  mkdirSync(store);
});

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  rmSync(folder, { recursive: true, force: true });
});

function begin(file: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  children.add(child);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    lines: createInterface({ input: child.stdout }),
    kill: () => {
      child.kill("SIGKILL");
      return ended;
    },
    stop: () => {
      child.stdin.end("stop\n");
      return ended;
    },
  };
}

async function startServer(port = 0) {
  const server = begin(SERVER, store, String(port));
  const said = await new Promise<string>((resolve) => server.lines.once("line", resolve));
  return { ...server, port: Number(said), url: `http://127.0.0.1:${said}` };
}

function startApplication(url: string, key: string) {
  const application = begin(APPLICATION, url, folder, "app", key);
  const said: Said[] = [];
  application.lines.on("line", (line) => said.push(JSON.parse(line) as Said));
  return { ...application, said };
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 60_000, interval: 10 }).toBe(true);
}

function openDesk(): Promise<InstallationDesk> {
  const actor = { id: "grace", via: "server" } as const;
  return openInstallation({ store, cwd: folder, mode: "write", clock: systemClock, actor });
}

async function makeKey(...scopes: readonly Scope[]): Promise<string> {
  const desk = await openDesk();
  const { secret } = await desk.installation.keys.create({
    ...{ name: "test", project: FIRST_PROJECT, environments: null, scopes, expires: null, by: "grace" },
  });
  await desk.close();
  return secret;
}

async function ask(url: string, key: string, [method, path, body]: readonly [string, string, object?]) {
  const answer = await fetch(`${url}/v1/projects/~${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, said: (await answer.json()) as unknown };
}

test("Each row stands once in the ledger, whoever is killed in the middle of it, and a release reaches who lives", {
  timeout: 240_000,
}, async () => {
  const admin = await makeKey("read", "author", "release");
  const key = await makeKey("resolve", "record");
  let server = await startServer();
  const first = startApplication(server.url, key);
  await until(() => first.said.length > 20);
  // The text in the code was mirrored as v1.
  const release = { version: 1, environment: "production", reason: "first" };
  await expect
    .poll(
      async () => (await ask(server.url, admin, ["POST", `/prompts/${PROMPT}/releases`, release])).status,
      {
        timeout: 60_000,
      },
    )
    .toBe(200);
  await until(() => first.said.at(-1)?.version === 1);

  for (let times = 0; times < 3; times++) {
    await server.kill();
    const { length } = first.said;
    await until(() => first.said.length > length + 50);
    server = await startServer(server.port);
    await until(() => first.said.length > length + 80);
  }
  await first.kill();
  const second = startApplication(server.url, key);
  await until(() => second.said.length > 50);
  await second.stop();
  const said = [...first.said, ...second.said];
  expect(said.every(({ receipt }) => receipt === "spooled")).toBe(true);
  // From the release on nothing was served from the code, whatever happened to the server.
  const released = first.said.findIndex(({ version }) => version === 1);
  expect(first.said.slice(released).filter(({ version }) => version !== 1)).toEqual([]);

  // What a close did not wait for is sent by whoever comes next.
  const heir = startApplication(server.url, key);
  const desk = await openDesk();
  const { ledger } = await desk.project(FIRST_PROJECT);
  const timesStored = async () => {
    const rows = await ledger.listExecutions({ prompt: PROMPT, limit: 100_000 });
    const times = Map.groupBy(rows, ({ id }) => id as string);
    return said.map(({ id }) => times.get(id)?.length ?? 0);
  };
  await expect
    .poll(async () => Math.min(...(await timesStored())), { timeout: 60_000, interval: 100 })
    .toBe(1);
  await heir.stop();
  await server.stop();
  expect(Math.max(...(await timesStored()))).toBe(1);
  expect(await ledger.listGaps()).toEqual([]);
  await desk.close();
});
