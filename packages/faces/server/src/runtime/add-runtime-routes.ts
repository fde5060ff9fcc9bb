/** The routes by which applications resolve and record: snapshots, changes, versions, overrides, entries, declarations, presence. */
import type { Hono } from "hono";
import type { ProjectVariables } from "../server-parts.ts";
import { addFeedRoutes } from "./feed-routes.ts";
import { addIntakeRoutes } from "./intake-routes.ts";
import { type RuntimeOptions, type RuntimeParts, RuntimeService } from "./runtime-service.ts";

/** An app below a project, where it is known who asks and what they may. */
export type RuntimeEnv = { Variables: ProjectVariables };

/** Behind the routes; to be closed when running requests have ended, and before the desk is. */
export interface RuntimeSide {
  /** Resolves when all that was taken is stored. */
  close(): Promise<void>;
}

/**
 * @example
 * const runtime = addRuntimeRoutes(project, parts);
 * // … when the server ends:
 * await runtime.close();
 */
export function addRuntimeRoutes<E extends RuntimeEnv>(
  app: Hono<E>,
  parts: RuntimeParts,
  options: RuntimeOptions = {},
): RuntimeSide {
  const service = new RuntimeService(parts, options);
  // Routes need the variables of a project alone, whatever more the app has.
  const routes = app as unknown as Hono<RuntimeEnv>;
  addFeedRoutes(routes, parts, service);
  addIntakeRoutes(routes, parts, service);
  return service;
}
