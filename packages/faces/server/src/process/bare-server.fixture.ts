/** Hono alone in a process of its own, answering bytes that are ready: what the server's figures are measured against. */
import { readFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

interface Answers {
  readonly snapshot: string;
  readonly etag: string;
  readonly resolution: string;
}

const { snapshot, etag, resolution } = JSON.parse(readFileSync(process.argv[2] as string, "utf8")) as Answers;
const [whole, resolved] = [Buffer.from(snapshot), Buffer.from(resolution)];
const type = { "content-type": "application/json" };

const app = new Hono().basePath("/v1/projects/:project");
app.get("/snapshot", (context) => {
  context.header("etag", etag);
  if (context.req.header("if-none-match") === etag) return context.body(null, 304);
  return context.body(whole, 200, type);
});
app.post("/prompts/:key/resolutions", async (context) => {
  await context.req.json();
  return context.body(resolved, 200, type);
});

const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
  process.stdout.write(`${port}\n`);
});
process.stdin.resume().once("end", () => {
  server.close();
  process.exit();
});
