/** The application as Next.js builds and serves it, on the package as it is published: real processes, a real store, the simulator. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { assemblePackage, ROOT } from "./package/assemble-package.ts";

const HERE = join(ROOT, "examples/nextjs");
const NEXT = createRequire(import.meta.url).resolve("next/dist/bin/next");
const TICKET = "I was charged twice this month, please refund one of the two payments.";
/** A cold bundler on a busy machine. */
const PATIENCE = 240_000;

let simulator: RunningSimulator;
/** A copy inside the repository, where the bundler finds the other packages; tests edit it. */
let copy: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  copy = mkdtempSync(join(HERE, ".copy-"));
  const left = [".next", ".colophon", "node_modules", basename(copy)];
  for (const name of ["app", "lib", "package.json", "tsconfig.json"])
    cpSync(join(HERE, name), join(copy, name), {
      recursive: true,
      filter: (from) => !left.includes(basename(from)),
    });
  await assemblePackage(join(copy, "node_modules/colophon"));
}, PATIENCE);

afterEach(async () => {
  await Promise.all(running.splice(0).map(stop));
});

afterAll(async () => {
  await simulator.close();
  rmSync(copy, { recursive: true, force: true });
});

function next(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const child = spawn(process.execPath, [NEXT, ...args], {
    cwd: copy,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      COLOPHON_STORE: join(copy, ".colophon"),
      OPENAI_BASE_URL: simulator.baseUrl,
      OPENAI_API_KEY: "simulated",
      SIMULATED: "1",
      NEXT_TELEMETRY_DISABLED: "1",
      ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
      ...env,
    },
  });
  running.push(child);
  return child;
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  return ended;
}

interface Output {
  text: string;
}

function outputOf(child: ChildProcess): Output {
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece) => (output.text += piece));
  return output;
}

/** Ends the process when it does; gives its exit code. */
function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("exit", resolve));
}

/** The address that a server prints once it is ready. */
async function addressOf(child: ChildProcess, output: Output): Promise<string> {
  for (;;) {
    const url = /Local:\s+(http:\S+)/.exec(output.text)?.[1];
    if (url !== undefined && output.text.includes("Ready")) return url;
    if (child.exitCode !== null) throw new Error(`next ended: ${output.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function page(url: string, ticket: string): Promise<string> {
  const answer = await fetch(`${url}/?${new URLSearchParams({ ticket, user: "grace" })}`);
  expect(answer.status).toBe(200);
  return await answer.text();
}

function rows(): readonly { readonly body: string; readonly calls: number; readonly writers: number }[] {
  const db = new DatabaseSync(join(copy, ".colophon/store.db"), { readOnly: true });
  try {
    return db
      .prepare(
        `SELECT v.body, count(*) AS calls, count(DISTINCT e.writer) AS writers
         FROM execution e JOIN version v ON v.n = e.version GROUP BY v.body`,
      )
      .all() as never;
  } finally {
    db.close();
  }
}

describe("the application in production", () => {
  it(
    "is built without writing a store, renders a sorted ticket, streams an answer, and records both",
    async () => {
      const build = next(["build"]);
      const built = outputOf(build);
      expect(await ended(build), built.text).toBe(0);
      expect(existsSync(join(copy, ".colophon"))).toBe(false);
      const server = next(["start", "--port", "0"]);
      const url = await addressOf(server, outputOf(server));
      const html = await page(url, TICKET);
      expect(html).toContain("SIMULATION");
      expect(html).toMatch(/Sorted as <strong>billing<\/strong>/i);
      const body = JSON.stringify({ ticket: TICKET, user: "grace" });
      const answer = await fetch(`${url}/answer`, { method: "POST", body });
      expect((await answer.text()).length).toBeGreaterThan(20);
      await stop(server);
      const served = rows();
      expect(served.map(({ body }) => JSON.parse(body)[0]).sort()).toEqual([
        "support.reply",
        "support.triage",
      ]);
      expect(served.map(({ calls }) => calls)).toEqual([1, 1]);
    },
    PATIENCE,
  );
});

describe("the application in development", () => {
  it(
    "serves an edited prompt with the next page, without an error and on the store that is open",
    async () => {
      rmSync(join(copy, ".colophon"), { recursive: true, force: true });
      const server = next(["dev", "--port", "0"]);
      const output = outputOf(server);
      const url = await addressOf(server, output);
      expect(await page(url, TICKET)).toMatch(/Sorted as <strong>billing<\/strong>/i);
      const file = join(copy, "lib/prompts.ts");
      const edited = readFileSync(file, "utf8").replace(
        "Is this billing, bug or other?",
        "Billing, bug or other?",
      );
      writeFileSync(file, edited);
      const deadline = Date.now() + PATIENCE / 2;
      for (let served = rows(); served.length < 2 && Date.now() < deadline; served = rows()) {
        await page(url, TICKET);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const body = JSON.stringify({ ticket: TICKET, user: "grace" });
      await (await fetch(`${url}/answer`, { method: "POST", body })).text();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const served = rows();
      expect(served.map(({ body }) => JSON.parse(body)[0]).sort()).toEqual([
        "support.reply",
        "support.triage",
        "support.triage",
      ]);
      expect(output.text).not.toMatch(/declared twice|declaration-conflict|⨯/);
      await stop(server);
      const db = new DatabaseSync(join(copy, ".colophon/store.db"), { readOnly: true });
      expect(db.prepare("SELECT count(*) AS writers FROM writer").get()).toEqual({ writers: 1 });
      db.close();
    },
    PATIENCE,
  );
});
