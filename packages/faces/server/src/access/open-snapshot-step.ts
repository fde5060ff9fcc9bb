/** The step that lets anybody read a snapshot by its hash, as a CDN does: whoever knows the hash has seen what it names. */
import { HarnessError } from "@colophon/kernel";
import type { MiddlewareHandler } from "hono";
import { answerError } from "../requests/answer-error.ts";
import type { ServerParts } from "../server-parts.ts";
import type { ProjectEnv } from "../server-variables.ts";
import type { RateLimits } from "./rate-limits.ts";

/** Who sends a key, or asks for `~`, goes the way of everybody. */
export function openSnapshotStep({
  desk,
  rates,
}: Pick<ServerParts, "desk"> & { readonly rates: RateLimits }): MiddlewareHandler<ProjectEnv> {
  return async (context, next) => {
    const named = context.req.param("project") ?? "";
    const isStranger = context.req.header("authorization") === undefined && named !== "~";
    if (!isStranger) return next();
    const project = await desk.installation.projects.find(named);
    if (project !== undefined) {
      context.set("project", project.id);
      await next();
      if (context.res.status < 400 || context.res.status >= 500) return;
    }
    await rates.countStranger(context.var.address);
    // The same words for every miss, so that nobody learns which projects there are.
    const { status, headers, document } = answerError(
      new HarnessError("snapshot-unknown", "This server has no snapshot of this hash (any more)."),
    );
    context.res = context.json(document, status, headers);
  };
}
