/** One log line for each request, and its counts; never bodies, queries or credentials. */
import { isIP } from "node:net";
import type { IdSource } from "@colophon/kernel";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import type { ServerParts } from "../server-parts.ts";
import type { IdentityVariables, RequestEnv } from "../server-variables.ts";
import { routeOf } from "./route-of.ts";
import type { ServerMetrics } from "./server-metrics.ts";

export interface ObservingParts extends Pick<ServerParts, "log" | "clock"> {
  readonly ids: IdSource;
  readonly metrics: ServerMetrics;
  /** Whether the last entry of X-Forwarded-For is by a proxy of our own. */
  readonly behindProxy: boolean;
}

export function observeRequests(parts: ObservingParts): MiddlewareHandler<RequestEnv> {
  const { log, clock, ids, metrics } = parts;
  return async (context, next) => {
    const requestId = ids.next();
    context.set("requestId", requestId);
    context.set("log", log.child({ requestId }));
    context.set("address", addressOf(context, parts.behindProxy));
    const begun = clock.elapsed();
    metrics.begin();
    try {
      await next();
    } finally {
      const ms = clock.elapsed() - begun;
      const { method } = context.req;
      const route = routeOf(context);
      const { status } = context.res;
      metrics.end({ method, route, status, seconds: ms / 1000 });
      const { identity, project } = context.var as Partial<IdentityVariables & { project: string }>;
      const line = { requestId, method, route, status, ms: Math.round(ms * 10) / 10 };
      log.info(
        { ...line, [identity?.kind ?? "caller"]: identity?.id ?? null, project: project ?? null },
        "request",
      );
      context.header("x-request-id", requestId);
    }
  };
}

/** `unknown` where there is no socket. */
function addressOf(context: Context, behindProxy: boolean): string {
  const forwarded = behindProxy
    ? forwardedAddress(context.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "")
    : undefined;
  return forwarded ?? socketAddress(context) ?? "unknown";
}

/** Some proxies write the port along, which is another one for each connection; what is no address limits nobody. */
function forwardedAddress(said: string): string | undefined {
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(said) ?? [];
  const [, before] = /^([\d.]+):\d+$/.exec(said) ?? [];
  const address = bracketed ?? before ?? said;
  return isIP(address) === 0 ? undefined : address;
}

/** The other end of the socket; undefined where there is none. */
export function socketAddress(context: Context): string | undefined {
  const isServed = (context.env as { readonly incoming?: unknown } | undefined)?.incoming !== undefined;
  return isServed ? getConnInfo(context).remote.address : undefined;
}
