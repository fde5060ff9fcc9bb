/** The routes by which applications come to know what to serve. */
import { findVersions, type ProjectFeed, type ServedDocument } from "@colophon/harness";
import { HarnessError, type Revision, SUBJECT_KINDS } from "@colophon/kernel";
import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import { z } from "zod";
import { requireScope } from "../access/authorize.ts";
import type { RuntimeEnv } from "./add-runtime-routes.ts";
import { readBody } from "./read-body.ts";
import { refuseWhileStopping } from "./refuse-while-stopping.ts";
import type { RuntimeParts, RuntimeService } from "./runtime-service.ts";

const name = z.string().min(1).max(200);
const environmentQuery = z.object({ environment: name });
const revisionText = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const eventsQuery = z.object({ environment: name, after: revisionText.nullable() });
const versionsBody = z.object({
  environment: name,
  versions: z.array(z.object({ key: name, version: z.int().min(1) })).max(1000),
});
const overridesBody = z.object({
  environment: name,
  subjects: z.array(z.object({ kind: z.enum(SUBJECT_KINDS), value: z.string().max(1000) })).max(100),
});

/** A snapshot of a hash is the same for ever. */
const FOR_EVER = "public, max-age=31536000, immutable";

export function addFeedRoutes(app: Hono<RuntimeEnv>, parts: RuntimeParts, service: RuntimeService): void {
  const feedFor = async (context: Context<RuntimeEnv>, environment: string): Promise<ProjectFeed> => {
    requireScope(context.var.caller.rights, "resolve", { environment });
    const feed = await service.feedOf(context.var.project);
    await feed.ready(environment);
    return feed;
  };

  app.get("/snapshot", async (context) => {
    const { environment } = read(environmentQuery, { environment: context.req.query("environment") });
    const feed = await feedFor(context, environment);
    const held = read(revisionText.optional(), context.req.header("colophon-revision"));
    if (held !== undefined) await feed.reached(held);
    const document = feed.document(environment);
    context.header("cache-control", "private, no-cache");
    // Whoever asked for the project of its key hears which one that is.
    context.header("colophon-project", context.var.project);
    context.header("content-location", `${context.req.path}s/${document.hash}`);
    return answer(context, document, service);
  });

  app.get("/snapshots/:hash", async (context) => {
    const feed = await service.feedOf(context.var.project);
    const document = await feed.findDocument(context.req.param("hash"));
    context.header("cache-control", FOR_EVER);
    return answer(context, document, service);
  });

  app.get("/events", async (context) => {
    const { environment, after } = read(eventsQuery, {
      environment: context.req.query("environment"),
      // A client that comes back by itself says what it has heard since.
      after: context.req.header("last-event-id") ?? context.req.query("after") ?? null,
    });
    const feed = await feedFor(context, environment);
    feed.refuseBlind();
    const isLost = after !== null && !(await feed.isPast(after));
    const channel = await service.channelOf(context.var.project, environment);
    refuseWhileStopping(parts);
    const headers = {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    };
    // Nobody reads the body of such an answer, nor ends it.
    if (context.req.method === "HEAD") return context.body(null, 200, headers);
    // Under Node the connection itself is ended; other platforms have the stream alone.
    const { outgoing } = (context.env ?? {}) as Partial<HttpBindings>;
    const cutOff = outgoing === undefined ? undefined : () => void outgoing.destroy();
    const onEnd = service.streams.enter(context.var.caller.actor.id);
    return context.body(channel.open({ after, isLost, cutOff, onEnd }), 200, headers);
  });

  app.post("/versions/find", async (context) => {
    const { environment, versions } = read(versionsBody, await readBody(context, parts.limits.body));
    const feed = await feedFor(context, environment);
    return context.json(await findVersions({ harness: context.var.harness, feed }, environment, versions));
  });

  app.post("/overrides/find", async (context) => {
    const { environment, subjects } = read(overridesBody, await readBody(context, parts.limits.body));
    const feed = await feedFor(context, environment);
    const revision: Revision = feed.revision;
    return context.json({ overrides: feed.findOverrides(environment, subjects), revision });
  });
}

async function answer(
  context: Context<RuntimeEnv>,
  document: ServedDocument,
  { packed }: Pick<RuntimeService, "packed">,
): Promise<Response> {
  context.header("etag", `"${document.hash}"`);
  context.header("colophon-revision", String(document.revision));
  context.header("vary", "accept-encoding", { append: true });
  if (knows(context.req.header("if-none-match"), document.hash)) return context.body(null, 304);
  const json = { "content-type": "application/json" };
  if (!takesGzip(context.req.header("accept-encoding"))) return context.body(document.bytes, 200, json);
  return context.body(await packed.of(document), 200, { ...json, "content-encoding": "gzip" });
}

/** Whoever says nothing of gzip, or refuses it in so many words, gets the plain bytes. */
function takesGzip(header: string | undefined): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$)).*?)?(?:,|$)/i.test(header ?? "");
}

/** A proxy in between may have made the tag a weak one. */
function knows(header: string | undefined, hash: string): boolean {
  return (header ?? "")
    .split(",")
    .some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === `"${hash}"`);
}

function read<T extends z.ZodType>(shape: T, value: unknown): z.output<T> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "The request" : issue.path.join(".");
  throw new HarnessError("input-malformed", `${where}: ${issue?.message ?? "it cannot be read"}.`);
}
