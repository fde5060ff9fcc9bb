/** The step that writes down a change by a route that is no operation, before it is answered. */
import type { MiddlewareHandler } from "hono";
import { auditChange } from "../operations/run-operation.ts";
import type { ServerParts } from "../server-parts.ts";
import type { ProjectEnv } from "../server-variables.ts";

/** @param action as the audit log calls it, such as `declaration.mirror`. */
export function auditStep(
  { desk }: Pick<ServerParts, "desk">,
  action: string,
): MiddlewareHandler<ProjectEnv> {
  return async (context, next) => {
    await next();
    if (!context.res.ok) return;
    const { project, caller } = context.var;
    const facts = { action, target: null, environment: null, detail: null };
    await auditChange(desk, { ...facts, actor: caller.actor, project, allowed: true });
  };
}
