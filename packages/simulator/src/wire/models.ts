/** The routes GET /v1/models and /v1/models/:name: the profiles by name, and any other name too. */

import { Hono } from "hono";
import { MODEL_PROFILES } from "../profiles.ts";

const CREATED = Date.UTC(2026, 0, 1) / 1_000;

function writeModel(id: string): Record<string, unknown> {
  return { id, object: "model", created: CREATED, owned_by: "colophon-simulator" };
}

export function models(): Hono {
  const route = new Hono();
  route.get("/models", (context) =>
    context.json({ object: "list", data: MODEL_PROFILES.map((profile) => writeModel(profile.name)) }),
  );
  route.get("/models/:name", (context) => context.json(writeModel(context.req.param("name"))));
  return route;
}
