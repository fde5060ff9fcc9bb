/** A process that takes entries in for the store that it is given, until it is killed; it says its port. */
import type { AddressInfo } from "node:net";
import { openHarness } from "@colophon/harness";
import { systemClock } from "@colophon/kernel";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { pino } from "pino";
import { DEFAULT_LIMITS } from "../server-parts.ts";
import { addRuntimeRoutes, type RuntimeEnv } from "./add-runtime-routes.ts";

const [store = ""] = process.argv.slice(2);
const actor = { id: "key-1", via: "server" } as const;
const harness = await openHarness({ store, cwd: process.cwd(), mode: "write", actor });
const app = new Hono<RuntimeEnv>();
app.use("*", async (context, next) => {
  context.set("project", "main");
  context.set("caller", { actor, project: "main", rights: [{ scopes: ["record"], environment: null }] });
  context.set("harness", harness);
  await next();
});
addRuntimeRoutes(app, {
  clock: systemClock,
  desk: { project: async () => harness },
  limits: DEFAULT_LIMITS,
  log: pino({ level: "silent" }),
  stopping: new AbortController().signal,
});
const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
server.on("listening", () => console.log((server.address() as AddressInfo).port));
