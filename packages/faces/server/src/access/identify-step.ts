/** The step that lets in those who have a key or a session, and counts how often they ask. */
import { HarnessError } from "@colophon/kernel";
import type { Context, MiddlewareHandler } from "hono";
import type { ServerParts } from "../server-parts.ts";
import type { IdentityEnv, ProjectEnv } from "../server-variables.ts";
import { identify } from "./identify.ts";
import type { RateLimits } from "./rate-limits.ts";

export interface IdentifyingParts extends Pick<ServerParts, "desk"> {
  readonly rates: RateLimits;
  /** Where browsers' changes may come from. */
  readonly origins: readonly string[];
}

/** Intake and streams must not keep anybody from a rollback. */
const APART = /\/(ledger|events)$/;

export function identifyStep({ desk, rates, origins }: IdentifyingParts): MiddlewareHandler<IdentityEnv> {
  return async (context, next) => {
    const { identity: known, project: open } = context.var as Partial<ProjectEnv["Variables"]>;
    // An operation on the installation may lie below a project, where this was asked already.
    if (known === undefined && open === undefined) {
      const identity = await identify(desk, context.req.raw.headers).catch(async (error: unknown) => {
        await rates.countStranger(context.var.address);
        throw error;
      });
      context.set("identity", identity);
      await rates.count(`${identity.kind} ${identity.id}${APART.exec(context.req.path)?.[0] ?? ""}`);
      if (identity.kind === "person") refuseStrangePage(context, origins);
    }
    await next();
  };
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** A browser sends the session whoever's page asks; only pages of our own may change something. */
function refuseStrangePage(context: Context, origins: readonly string[]): void {
  if (SAFE.has(context.req.method)) return;
  const origin = context.req.header("origin");
  if (origin !== undefined && origins.includes(origin)) return;
  throw new HarnessError(
    "not-allowed",
    "A change by a session must come from a page of this server; use a key elsewhere, or start the server with --public-url.",
  );
}
