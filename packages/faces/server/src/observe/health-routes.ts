/** Says whether the server lives, whether it can serve, and what it counted. */
import { createHash, timingSafeEqual } from "node:crypto";
import { FIRST_PROJECT, HarnessError } from "@colophon/kernel";
import type { Context, Hono } from "hono";
import type { ServerParts } from "../server-parts.ts";
import type { RequestEnv } from "../server-variables.ts";
import { socketAddress } from "./observe-requests.ts";
import type { ServerMetrics } from "./server-metrics.ts";

export interface HealthParts extends Pick<ServerParts, "desk" | "stopping" | "log" | "clock"> {
  readonly metrics: ServerMetrics;
  /** Opens the metrics to others than this machine. */
  readonly metricsToken: string | undefined;
  /** Whether a proxy stands before the server, perhaps on this machine: then whoever asks may be anybody. */
  readonly behindProxy: boolean;
}

/** Milliseconds for which an answer holds, so that nobody can wear the store out by asking. */
const READY_MS = 1000;

export function addHealthRoutes(app: Hono<RequestEnv>, parts: HealthParts): void {
  const isReachable = reachability(parts);
  app.get("/healthz", (context) => context.json({ status: "alive" }));
  app.get("/readyz", async (context) => {
    if (parts.stopping.aborted) return context.json({ status: "stopping" }, 503);
    if (await isReachable()) return context.json({ status: "ready" });
    return context.json({ status: "store away" }, 503);
  });
  app.get("/metrics", async (context) => {
    if (!mayRead(context, parts)) {
      throw new HarnessError(
        "not-allowed",
        "Metrics are for this machine, or for the token of COLOPHON_METRICS_TOKEN as `Authorization: Bearer …`.",
      );
    }
    const { registry } = parts.metrics;
    return context.body(await registry.metrics(), 200, { "content-type": registry.contentType });
  });
}

function reachability({ desk, log, clock }: HealthParts): () => Promise<boolean> {
  let asked: { readonly at: number; readonly answer: Promise<boolean> } | undefined;
  const look = async (): Promise<boolean> => {
    try {
      await desk.installation.projects.find(FIRST_PROJECT);
      const { records } = await desk.project(FIRST_PROJECT);
      await records.revision();
      return true;
    } catch (err) {
      log.warn({ err }, "the store does not answer");
      return false;
    }
  };
  return () => {
    const at = clock.elapsed();
    if (asked === undefined || at - asked.at >= READY_MS) asked = { at, answer: look() };
    return asked.answer;
  };
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** A proxy on this machine asks for others, and need not say so: what it forwards is not of this machine. */
function mayRead(
  context: Context,
  { metricsToken: token, behindProxy }: Pick<HealthParts, "metricsToken" | "behindProxy">,
): boolean {
  const said = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
  if (token !== undefined && said !== undefined) return isSame(said, token);
  const isForwarded = ["x-forwarded-for", "forwarded"].some((name) => context.req.header(name) !== undefined);
  return !behindProxy && !isForwarded && LOOPBACK.test(socketAddress(context) ?? "");
}

function isSame(said: string, token: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(said), hash(token));
}
