/** Names the route of a request by its template, without what stands in its place. */
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";

/** What stays a wildcard because another library answers below it. */
const WHOLE = new Set(["/auth/*"]);

/** `unmatched` where no route answers. */
export function routeOf(context: Context): string {
  const routes = matchedRoutes(context);
  // Steps on the way match everything below a path; the route itself comes after the step that was reached.
  const route = routes
    .slice(context.req.routeIndex)
    .find(({ path }) => WHOLE.has(path) || !path.endsWith("*"));
  return route === undefined ? "unmatched" : route.path.replaceAll(/:(\w+)/g, "{$1}");
}
