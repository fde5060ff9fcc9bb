/** The step that lets a caller into a project, with the project's store and the caller as its actor. */
import { errorCodeOf, HarnessError } from "@colophon/kernel";
import type { MiddlewareHandler } from "hono";
import type { ServerParts } from "../server-parts.ts";
import type { ProjectEnv } from "../server-variables.ts";
import { projectUnknown } from "./authorize.ts";
import type { Identity } from "./identify.ts";

/** In a path, the project of the key. */
const OWN_PROJECT = "~";

export function enterProjectStep({ desk }: Pick<ServerParts, "desk">): MiddlewareHandler<ProjectEnv> {
  return async (context, next) => {
    const { identity, project: open } = context.var as Partial<ProjectEnv["Variables"]>;
    if (identity === undefined) {
      if (open === undefined) throw new HarnessError("not-signed-in", "Nobody is signed in.");
      return next();
    }
    const project = namedProject(identity, context.req.param("project") ?? "");
    const rights = await identity.rightsIn(project);
    if (rights.length === 0) throw projectUnknown(project);
    const harness = await desk.project(project).catch((error: unknown) => {
      // Where the installation lies is nothing to say over HTTP.
      throw errorCodeOf(error) === "project-unknown" ? projectUnknown(project) : error;
    });
    context.set("project", project);
    context.set("caller", { actor: identity.actor, project: identity.project, rights });
    context.set("harness", { ...harness, actor: identity.actor });
    await next();
  };
}

/** @throws HarnessError `project-unknown` for `~` by whoever has no project of its own. */
export function namedProject({ project }: Pick<Identity, "project">, named: string): string {
  if (named !== OWN_PROJECT) return named;
  if (project !== null) return project;
  throw new HarnessError(
    "project-unknown",
    "This key or person has no project of its own; name one: https://host/projects/NAME.",
  );
}
