/** The service with the real clients, against the simulator. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import type { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const TICKET = {
  id: 7,
  subject: "Charged twice",
  body: "I was charged twice for order A-7 this month, please refund one of the two payments.",
  customer: { name: "Ada", plan: "pro" },
  tags: ["order-A-7", "vip"],
};

let folder: string;
let simulator: RunningSimulator;
let app: Hono;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-scattered-"));
  simulator = await startSimulator({ latencyMs: 0 });
  Object.assign(process.env, {
    OPENAI_API_KEY: "simulated",
    OPENAI_BASE_URL: simulator.baseUrl,
    ANTHROPIC_API_KEY: "simulated",
    ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
    COLOPHON_STORE: join(folder, ".colophon"),
  });
  // The clients read the environment when they are made.
  ({ app } = await import("./app.ts"));
});

afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function post(path: string): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return Promise.resolve(app.request(path, { method: "POST", headers, body: JSON.stringify(TICKET) }));
}

describe("the service", () => {
  it("sorts a ticket", async () => {
    const { label } = (await (await post("/tickets/triage")).json()) as { label: string };
    expect(label).toMatch(/billing/i);
  });

  it("reads the fields of a ticket as JSON", async () => {
    const { fields } = (await (await post("/tickets/fields")).json()) as { fields: string };
    expect(JSON.parse(fields)).toBeTypeOf("object");
  });

  it.each(["reply", "summary", "translation", "note"])("answers with a %s", async (name) => {
    const answer = (await (await post(`/tickets/${name}`)).json()) as Record<string, string>;
    expect(answer[name]?.length).toBeGreaterThan(0);
  });

  it("streams a reply", async () => {
    const answer = await post("/tickets/reply/stream");
    expect(answer.status).toBe(200);
    expect((await answer.text()).length).toBeGreaterThan(0);
  });
});
