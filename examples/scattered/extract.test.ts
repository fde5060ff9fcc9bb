/** The example's two states: both send the models the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSimulator } from "@colophon/simulator";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROUTES = ["triage", "fields", "reply", "reply/stream", "summary", "translation", "note"];
const TICKETS = [
  {
    id: 7,
    subject: "Charged twice",
    customer: { name: "Ada", plan: "pro" },
    tags: ["order-A-7"],
    priority: 2,
  },
  { id: 8, subject: "{{subject}}", customer: { name: "{Grace}", plan: "free" }, tags: [] },
].map((ticket) => ({
  ...ticket,
  body: `It does not work: \${x} {{body}} \\{{y}} ${ticket.subject}\n\n"Why?"`,
}));

interface Received {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

let folder: string;
let stop: () => Promise<void>;
const received: Received[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-scattered-"));
  const { app } = createSimulator({ latencyMs: 0 });
  const fetch = async (request: Request): Promise<Response> => {
    received.push({
      path: new URL(request.url).pathname,
      body: (await request.clone().json()) as Received["body"],
    });
    return app.fetch(request);
  };
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch, port: 0 }, (info) => resolve(info.port));
    stop = () => new Promise((done) => server.close(() => done()));
  });
  Object.assign(process.env, {
    OPENAI_API_KEY: "simulated",
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    ANTHROPIC_API_KEY: "simulated",
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
    COLOPHON_STORE: join(folder, ".colophon"),
  });
});

afterAll(async () => {
  const { colophon } = await import("./extracted/routes/colophon.ts");
  await colophon.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What each route has the models sent, for each ticket. */
async function sentBy(state: "src" | "extracted"): Promise<readonly Received[]> {
  const { app } = (await import(join(HERE, state, "app.ts"))) as typeof import("./src/app.ts");
  received.length = 0;
  for (const ticket of TICKETS) {
    for (const route of ROUTES) {
      const headers = { "content-type": "application/json" };
      const answer = await app.request(`/tickets/${route}`, {
        method: "POST",
        headers,
        body: JSON.stringify(ticket),
      });
      expect(answer.status).toBe(200);
      await answer.text();
    }
  }
  return [...received];
}

/** Field by field as it came, but for Anthropic's system text, which may stand alone or as a block. */
function fieldsOf({ path, body }: Received): readonly string[] {
  const { system } = body;
  const said = typeof system === "string" ? { ...body, system: [{ type: "text", text: system }] } : body;
  return [
    path,
    ...Object.entries(said)
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
      .sort(),
  ];
}

describe("the example", () => {
  it("sends the models the same in both states", async () => {
    const before = await sentBy("src");
    const after = await sentBy("extracted");
    expect(before).toHaveLength(TICKETS.length * ROUTES.length);
    expect(after.map(fieldsOf)).toEqual(before.map(fieldsOf));
  });
});
