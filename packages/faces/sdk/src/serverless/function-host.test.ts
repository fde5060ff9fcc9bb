/** A function that is frozen between its calls: a real process under SIGSTOP, a collector over HTTP, the command line at the other end. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CommandRun, runCommand } from "../command-line.fixture.ts";

const HOST = fileURLToPath(new URL("function-host.fixture.ts", import.meta.url));

let folder: string;
let server: Server;
let url: string;
let collected: string[];
let refused: number;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-function-"));
  mkdirSync(join(folder, "function"));
  collected = [];
  refused = 0;
  server = createServer(async (request, answer) => {
    if (request.url === "/snapshot.json") return answer.end(readFileSync(join(folder, "snapshot.json")));
    const body = await text(request);
    if (refused > 0) {
      refused -= 1;
      answer.statusCode = 503;
    } else collected.push(body);
    return answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  child?.kill("SIGKILL");
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: readonly string[]): Promise<CommandRun> {
  const more = ["--json", "--store", join(folder, ".colophon")];
  return runCommand([...args, ...more], { cwd: folder, env: { COLOPHON_ENV: "production", USER: "grace" } });
}

async function cli(...args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout || "null");
}

async function release(body: string): Promise<void> {
  const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
  const file = join(folder, "triage.json");
  writeFileSync(file, JSON.stringify({ key: "support.triage", model: "gpt-5-mini", input, body }));
  const { version } = (await cli("register", file)) as { readonly version: number };
  await cli("release", `support.triage@v${version}`, "--reason", "test");
  await cli("snapshot", "-o", join(folder, "snapshot.json"));
}

interface Invoked {
  readonly execution: string;
  readonly text: string;
  readonly version: number | null;
  readonly reason: string;
}

function host(): (ticket: string) => Promise<Invoked> {
  const started = spawn(process.execPath, [HOST, join(folder, "baked.json"), url], {
    cwd: join(folder, "function"),
    stdio: ["pipe", "pipe", "inherit"],
  });
  child = started;
  const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  return async (ticket) => {
    started.kill("SIGCONT");
    started.stdin.write(`${ticket}\n`);
    const { value } = await lines.next();
    started.kill("SIGSTOP");
    return JSON.parse(value as string) as Invoked;
  };
}

describe("a function that is frozen between its calls", { timeout: 120_000 }, () => {
  it("serves the baked snapshot at once, follows a release, and its rows arrive before each freeze", async () => {
    await release("One: {{ticket}}");
    writeFileSync(join(folder, "baked.json"), readFileSync(join(folder, "snapshot.json")));
    const invoke = host();
    const first = await invoke("a");
    expect(first).toMatchObject({ text: "One: a", version: 1, reason: "live" });
    expect(collected).toHaveLength(1);
    await release("Two: {{ticket}}");
    refused = 1;
    const invoked = [first];
    for (let last = first; last.version !== 2 && invoked.length < 50; ) {
      last = await invoke("b");
      invoked.push(last);
      // The function is thawed for its invocations alone: whatever runs in the background stands still.
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    expect(invoked.at(-1)).toMatchObject({ text: "Two: b", version: 2, reason: "live" });
    expect(readdirSync(join(folder, "function"))).toEqual([]);

    const file = join(folder, "rows.jsonl");
    writeFileSync(file, collected.join("\n"));
    expect(await cli("import", file)).toEqual({ stored: invoked.length, duplicates: 0 });
    expect(await cli("import", file)).toEqual({ stored: 0, duplicates: invoked.length });
    const { ok } = (await cli("verify")) as { readonly ok: boolean };
    expect(ok).toBe(true);
    const { stdout } = await run("ledger", "--user", "ada");
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: string; version: number });
    expect(rows.map(({ id }) => id).sort()).toEqual(invoked.map(({ execution }) => execution).sort());
  });

  it("is told in one sentence which line cannot be taken in, and nothing is written", async () => {
    await release("One: {{ticket}}");
    writeFileSync(join(folder, "baked.json"), readFileSync(join(folder, "snapshot.json")));
    await host()("a");
    const file = join(folder, "rows.jsonl");
    writeFileSync(file, `${collected[0]}\n{"kind":"execution","row":{}}\n`);
    const failed = await run("import", file);
    expect(failed.code).toBe(2);
    expect(failed.stderr).toContain("Line 2 of");
    expect(failed.stderr).toContain("row.id is missing");
    expect(await cli("ledger")).toBeNull();
  });
});
