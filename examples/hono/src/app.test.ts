/** The service on a real store, with the real client and the simulator. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { type Colophon, open } from "colophon";
import type { Hono } from "hono";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "./app.ts";

const CLI = fileURLToPath(new URL("../../../packages/faces/cli/src/main.ts", import.meta.url));
const TICKET = "I was charged twice this month, please refund one of the two payments.";

let folder: string;
let store: string;
let simulator: RunningSimulator;
let colophon: Colophon;
let app: Hono;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-hono-"));
  store = join(folder, ".colophon");
  simulator = await startSimulator({ latencyMs: 0 });
  colophon = open({ store });
  const client = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "simulated" });
  app = createApp({ colophon, client, simulated: true });
});

afterAll(async () => {
  await colophon.close();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function post(path: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return Promise.resolve(app.request(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

interface Row {
  readonly id: string;
  readonly prompt: string;
  readonly trace: string | null;
  readonly step: number | null;
  readonly finishReason: string;
  readonly tokens: { readonly output: number | null };
}

/** What the command line shows, as a person would ask for it. */
function cli(...args: readonly string[]): readonly unknown[] {
  const out = execFileSync(process.execPath, [CLI, ...args, "--json", "--store", store], {
    encoding: "utf8",
  });
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

describe("the service", () => {
  it("sorts a ticket, and the ledger says with which text", async () => {
    const answer = await post("/tickets", { ticket: TICKET, user: "ada" });
    const sorted = (await answer.json()) as { label: string; execution: string };
    expect(sorted.label).toMatch(/billing/i);
    await colophon.flush();
    const [row] = cli("ledger", "--prompt", "support.triage", "--user", "ada") as readonly Row[];
    expect(row).toMatchObject({ id: sorted.execution, finishReason: "stop" });
  });

  it("streams an answer whose two calls share a trace", async () => {
    const answer = await post("/tickets/answer", { ticket: TICKET, user: "grace" });
    const text = await answer.text();
    expect(text).toMatch(/^event: sorted\n/);
    expect(text).toContain("event: text\n");
    expect(text).toContain("event: done\n");
    await colophon.flush();
    const rows = cli("ledger", "--user", "grace") as readonly Row[];
    expect(rows.map(({ prompt }) => prompt).sort()).toEqual(["support.reply", "support.triage"]);
    expect(rows[0]?.trace).toMatch(/^[0-9a-f]{32}$/);
    expect(rows[1]?.trace).toBe(rows[0]?.trace);
    expect(rows.map(({ step }) => step)).toEqual([1, 1]);
    expect(rows.every(({ tokens }) => (tokens.output ?? 0) > 0)).toBe(true);
  });

  it("takes what a person says of an answer, and refuses what it cannot read", async () => {
    const { execution } = (await (await post("/tickets", { ticket: TICKET })).json()) as {
      execution: string;
    };
    expect((await post(`/executions/${execution}/feedback`, { right: true })).status).toBe(204);
    expect((await post("/tickets", { user: "ada" })).status).toBe(400);
    expect((await post(`/executions/${execution}/feedback`, {})).status).toBe(400);
  });

  it("has a page that says that it talks to a simulation", async () => {
    const html = await (await app.request("/")).text();
    expect(html).toContain("SIMULATION");
    const client = new OpenAI({ apiKey: "none" });
    expect(await (await createApp({ colophon, client }).request("/")).text()).not.toContain("SIMULATION");
  });
});
