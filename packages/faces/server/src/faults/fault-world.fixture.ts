/** A world to break: `colophon serve` and applications with the SDK in processes of their own, and the store behind them. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type Harness,
  type InstallationDesk,
  openInstallation,
  registerPrompt,
  releaseVersion,
} from "@colophon/harness";
import { FIRST_PROJECT, type Scope } from "@colophon/kernel";
import { expect } from "vitest";

const COMMAND_LINE = fileURLToPath(new URL("../../../cli/src/main.ts", import.meta.url));
const APPLICATION = fileURLToPath(new URL("application.fixture.ts", import.meta.url));
const SECRET = "a secret of all servers, of thirty-two characters and more";
/** Longer than a busy machine takes for anything here. */
const DEADLINE_MS = 120_000;

export const PROMPT = "faults.triage";

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  /** What it wrote, line by line. */
  readonly log: readonly string[];
  kill(): Promise<void>;
  /** Asks it to end as an operator does; gives its exit code. */
  terminate(): Promise<number | null>;
}

/** What an application says of one call. */
export interface SaidCall {
  readonly id: string;
  readonly receipt: string;
  readonly version: number | null;
  readonly tier: string;
}

export interface ApplicationProcess {
  readonly calls: readonly SaidCall[];
  readonly notices: readonly string[];
  /** What it wrote to stderr, line by line: nothing, unless it broke. */
  readonly err: readonly string[];
  /** Makes so many calls at once. */
  burst(calls: number): void;
  /** Lets it end, with every row at the server. */
  stop(): Promise<void>;
}

export interface ApplicationOptions {
  readonly url: string;
  readonly name: string;
  /** Where its rows wait; a folder of its own unless given. */
  readonly folder?: string;
  /** The command that runs it under some limit. */
  readonly within?: (command: readonly string[]) => readonly string[];
}

export interface FaultWorld {
  readonly folder: string;
  readonly desk: InstallationDesk;
  readonly harness: Harness;
  startServer(more?: { readonly port?: number; readonly flags?: readonly string[] }): Promise<ServerProcess>;
  /** One that has made its first call. */
  startApplication(options: ApplicationOptions): Promise<ApplicationProcess>;
  /** Asks a server as an admin. */
  ask(url: string, asked: readonly [method: string, path: string, body?: object]): Promise<Answered>;
  /** Ids of the prompt's rows in the store. */
  stored(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly said: unknown;
}

/** The prompt has two versions, the first live in production. */
export async function openFaultWorld(database?: string): Promise<FaultWorld> {
  const folder = mkdtempSync(join(tmpdir(), "colophon-faults-"));
  const store = database ?? join(folder, ".colophon");
  if (database === undefined) mkdirSync(store);
  const desk = await openInstallation({
    ...{ store, cwd: folder, mode: "write", masterKey: SECRET, actor: { id: "grace", via: "server" } },
  });
  const harness = await desk.project(FIRST_PROJECT);
  await fill(harness);
  const admin = await makeKey(desk, ["read", "evaluate", "release"]);
  const apiKey = await makeKey(desk, ["resolve", "record"]);
  const children = new Set<Child>();
  const begin: Begin = (command, onLine) => {
    const begun = beginChild(command, onLine);
    children.add(begun);
    return begun;
  };
  return {
    ...{ folder, desk, harness },
    startServer: ({ port = 0, flags = [] } = {}) => {
      const place = ["--store", store, "--port", String(port), ...flags];
      return startServer(begin, [process.execPath, COMMAND_LINE, "serve", ...place]);
    },
    startApplication: ({ url, name, within = (command) => command, ...more }) => {
      const own = more.folder ?? join(folder, name);
      const settings = JSON.stringify({ url, apiKey, folder: own, application: name });
      return startApplication(begin, within([process.execPath, APPLICATION, settings]));
    },
    ask: (url, asked) => ask(url, admin, asked),
    async stored() {
      const rows = await harness.ledger.listExecutions({ prompt: PROMPT, limit: 200_000 });
      return rows.map(({ id }) => id);
    },
    async close() {
      for (const { child } of children) child.kill("SIGKILL");
      // Nobody writes into the folder any more when it is removed.
      await Promise.all([...children].map(({ ended }) => ended));
      await desk.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for what processes bring about; says what was there instead when it does not come. */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  describe: () => unknown,
): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`It does not come: ${JSON.stringify(describe())}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits while the application makes so many more calls: it is not held up by whatever is broken now. */
export async function goesOn(application: ApplicationProcess, calls: number): Promise<void> {
  const goal = application.calls.length + calls;
  await eventually(
    () => application.calls.length >= goal,
    () => [application.calls.length, goal, application.notices.at(-1), ...application.err],
  );
}

/** Waits until the server holds rows that are not in the store yet. */
export function takesIn({ url, log }: ServerProcess): Promise<void> {
  return eventually(
    async () => /^colophon_intake_waiting_bytes [1-9]/m.test(await (await fetch(`${url}/metrics`)).text()),
    () => log.at(-1),
  );
}

/** Each recorded call is in the store once, nothing else is, no loss was counted, and the chains hold. */
export async function expectEachRowOnce(
  world: FaultWorld,
  applications: readonly ApplicationProcess[],
): Promise<void> {
  const said = applications.flatMap(({ calls }) => calls);
  expect(said.filter(({ receipt }) => receipt !== "spooled")).toEqual([]);
  expect((await world.stored()).toSorted()).toEqual(said.map(({ id }) => id).toSorted());
  expect(await world.harness.ledger.listGaps()).toEqual([]);
  expect((await world.harness.care.verify()).findings).toEqual([]);
}

/** No call got the text in the code, and each got one of these versions. */
export function expectReleased({ calls }: ApplicationProcess, versions: readonly number[]): void {
  const others = calls.filter(
    ({ tier, version }) => tier !== "environment" || !versions.includes(version ?? 0),
  );
  expect(others).toEqual([]);
}

export async function statusOf(url: string): Promise<number | null> {
  const answer = await fetch(url).catch(() => null);
  await answer?.text();
  return answer?.status ?? null;
}

async function fill(harness: Harness): Promise<void> {
  const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
  for (const body of ["First: {{ticket}}", "Second: {{ticket}}"]) {
    const value = { key: PROMPT, owner: "support", model: "gpt-5-mini", input, body };
    await registerPrompt(harness, { value, file: "triage.yaml" });
  }
  await releaseVersion(harness, { key: PROMPT, version: 1, environment: "production", reason: "first" });
}

async function makeKey(desk: InstallationDesk, scopes: readonly Scope[]): Promise<string> {
  const { secret } = await desk.installation.keys.create({
    ...{ name: "test", project: FIRST_PROJECT, environments: null, scopes, expires: null, by: "grace" },
  });
  return secret;
}

interface Child {
  readonly child: ChildProcess;
  /** What it wrote to stderr, line by line. */
  readonly err: readonly string[];
  /** Its exit code; null where it was killed. */
  readonly ended: Promise<number | null>;
}

type Begin = (command: readonly string[], onLine: (line: string) => void) => Child;

const beginChild: Begin = ([file = "", ...args], onLine) => {
  const env = { ...process.env, COLOPHON_SECRET: SECRET, NO_COLOR: "1" };
  const child = spawn(file, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  const err: string[] = [];
  createInterface({ input: child.stdout }).on("line", onLine);
  createInterface({ input: child.stderr }).on("line", (line) => err.push(line));
  // One that was killed reads no more.
  child.stdin.on("error", () => undefined);
  return { child, err, ended: new Promise((resolve) => child.once("close", resolve)) };
};

async function startServer(begin: Begin, command: readonly string[]): Promise<ServerProcess> {
  let url = "";
  const { child, err, ended } = begin(command, (line) => {
    url ||= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? "";
  });
  await eventually(
    async () => url !== "" && (await statusOf(`${url}/readyz`)) === 200,
    () => err,
  );
  return {
    ...{ url, port: Number(new URL(url).port), log: err },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    terminate() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

async function startApplication(begin: Begin, command: readonly string[]): Promise<ApplicationProcess> {
  const [calls, notices]: [SaidCall[], string[]] = [[], []];
  const { child, err, ended } = begin(command, (line) => {
    const said = JSON.parse(line) as SaidCall | { readonly notice: string };
    if ("notice" in said) notices.push(said.notice);
    else calls.push(said);
  });
  await eventually(
    () => calls.length > 0,
    () => [...notices, ...err],
  );
  return {
    ...{ calls, notices, err },
    burst: (count) => child.stdin?.write(`${count}\n`),
    async stop() {
      child.stdin?.end();
      expect({ code: await ended, err }).toEqual({ code: 0, err: [] });
    },
  };
}

async function ask(
  url: string,
  key: string,
  [method, path, body]: readonly [string, string, object?],
): Promise<Answered> {
  const answer = await fetch(`${url}/v1/projects/~${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, said: (await answer.json()) as unknown };
}
