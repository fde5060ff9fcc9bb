/** Puts the server together: the steps that each request takes, and the routes at their end. */
import { type AnyOperation, OPERATIONS } from "@colophon/harness";
import { createIdSource, errorCodeOf, HarnessError, type RandomSource, systemRandom } from "@colophon/kernel";
import type { HttpBindings } from "@hono/node-server";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { auditStep } from "./access/audit-step.ts";
import { enterProjectStep } from "./access/enter-project-step.ts";
import { identifyStep } from "./access/identify-step.ts";
import { isRefusal, noteRefusal, type RefusalParts } from "./access/note-refusal.ts";
import { openSnapshotStep } from "./access/open-snapshot-step.ts";
import { RateLimits } from "./access/rate-limits.ts";
import { addSignInRoutes } from "./access/sign-in-routes.ts";
import { describeFurtherRoutes } from "./documents/further-routes.ts";
import { describeOperations } from "./documents/openapi-document.ts";
import { addReferencePage, REFERENCE_POLICY } from "./documents/reference-page.ts";
import { addJobRoutes } from "./jobs/job-routes.ts";
import { startJob } from "./jobs/start-job.ts";
import { addHealthRoutes } from "./observe/health-routes.ts";
import { addJobMetrics } from "./observe/job-metrics.ts";
import { observeRequests } from "./observe/observe-requests.ts";
import { routeOf } from "./observe/route-of.ts";
import { runtimeMetrics } from "./observe/runtime-metrics.ts";
import { ServerMetrics } from "./observe/server-metrics.ts";
import {
  type MountingParts,
  mountInstallationOperations,
  mountProjectOperations,
} from "./operations/mount-operations.ts";
import { answerError } from "./requests/answer-error.ts";
import { timeLimit } from "./requests/time-limit.ts";
import { addRuntimeRoutes, type RuntimeSide } from "./runtime/add-runtime-routes.ts";
import type { ServerLimits, ServerParts } from "./server-parts.ts";
import type { ProjectEnv, RequestEnv } from "./server-variables.ts";

export interface ServerOptions {
  /** Where browsers reach it, such as `https://prompts.example.com`; changes by a session come from there alone. */
  readonly publicUrl?: string | undefined;
  /** Origins of other pages that may ask; none unless given. */
  readonly corsOrigins?: readonly string[];
  /** Opens `/metrics` to others than this machine. */
  readonly metricsToken?: string | undefined;
  /** Whether the last entry of X-Forwarded-For is by a proxy of our own. */
  readonly behindProxy?: boolean;
  /** For the ids of requests. */
  readonly random?: RandomSource;
  readonly metrics?: ServerMetrics;
}

/** The app of a server; `fetch` and `request` answer. */
export interface Server extends OpenAPIHono<RequestEnv> {
  /** Stores what was taken; streams have ended. To be called when requests have ended, and before the desk is closed. */
  close(): Promise<void>;
}

/**
 * @example
 * const server = createServer({ desk, clock: systemClock, log: pino(), limits: DEFAULT_LIMITS, stopping });
 * const answer = await server.request("/healthz");
 */
export function createServer(parts: ServerParts, options: ServerOptions = {}): Server {
  const { publicUrl, corsOrigins = [], random = systemRandom, metrics = new ServerMetrics() } = options;
  const rates = new RateLimits(parts.limits.requests);
  const origins = [...(publicUrl === undefined ? [] : [new URL(publicUrl).origin]), ...corsOrigins];
  const app = new OpenAPIHono<RequestEnv>();
  const ids = createIdSource({ clock: parts.clock, random });
  app.use("*", observeRequests({ ...parts, ids, metrics, behindProxy: options.behindProxy ?? false }));
  app.use("*", headersStep());
  if (corsOrigins.length > 0) app.use("*", cors({ origin: [...corsOrigins], credentials: true }));
  app.use("*", sizeLimit(parts.limits));
  app.use("*", timeLimit(parts.limits.time));

  const actions = new Map<string, string>();
  handleErrors(app, { ...parts, rates, metrics, actionOf: actionsOf(actions) });
  addHealthRoutes(app, {
    ...parts,
    metrics,
    metricsToken: options.metricsToken,
    behindProxy: options.behindProxy ?? false,
  });
  addJobMetrics(metrics.registry, parts.desk.installation.jobs);
  addReferencePage(app);
  addSignInRoutes(app, { ...parts, rates });
  const runtime = addVersionOne(app, { ...parts, rates, origins, actions, metrics });
  const document = JSON.stringify(documentOf(app, publicUrl));
  app.get("/openapi.json", (context) => context.body(document, 200, { "content-type": "application/json" }));
  return Object.assign(app, { close: () => runtime.close() });
}

function headersStep(): MiddlewareHandler {
  // Other hosts of the domain are not ours to speak for.
  const shared = { xFrameOptions: "DENY", strictTransportSecurity: "max-age=15552000" } as const;
  const ofData = secureHeaders({
    ...shared,
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  });
  const ofReference = secureHeaders({ ...shared, contentSecurityPolicy: REFERENCE_POLICY ?? {} });
  return async (context, next) => {
    await (context.req.path.startsWith("/docs") ? ofReference : ofData)(context, next);
    if (!context.res.headers.has("cache-control")) context.header("cache-control", "no-store");
  };
}

/** What holds files may be larger than what people write; the ledger's own route bounds a batch while it is unpacked. */
function sizeLimit({ body, intake }: ServerLimits): MiddlewareHandler {
  const limitOf = (bytes: number): MiddlewareHandler =>
    bodyLimit({
      maxSize: bytes,
      onError: () => {
        throw new HarnessError("too-large", `The body is larger than ${bytes} bytes; send it in parts.`);
      },
    });
  const [words, files] = [limitOf(body), limitOf(intake)];
  const operations: readonly AnyOperation[] = OPERATIONS;
  const takesFiles = new Set(operations.filter((one) => one.takesFiles).map(placeOf));
  return (context, next) => {
    const place = `${context.req.method} ${routeOf(context)}`;
    if (place === "POST /v1/projects/{project}/ledger") return next();
    return (takesFiles.has(place) ? files : words)(context, next);
  };
}

/** As a route is named in the log. */
function placeOf({ kind, method, path }: AnyOperation): string {
  return `${method} ${kind === "installation" ? "/v1" : "/v1/projects/{project}"}${path}`;
}

interface ErrorParts extends RefusalParts {
  readonly metrics: ServerMetrics;
}

function handleErrors(app: OpenAPIHono<RequestEnv>, parts: ErrorParts): void {
  app.notFound((context) => {
    const message = `There is nothing at ${context.req.method} ${context.req.path}; /docs lists what there is.`;
    return context.json({ error: { code: "input-malformed", message } }, 404);
  });
  app.onError(async (thrown, context) => {
    // A library's own refusal carries ours where we gave it one.
    const own = thrown instanceof HTTPException ? (thrown.cause ?? thrown) : thrown;
    const error = errorCodeOf(own) === undefined && isCutOff(context) ? cutOff() : own;
    const { status, headers, document } = answerError(error);
    const { code } = document.error;
    const log = context.var.log ?? parts.log;
    if (status >= 500) log.error({ err: error, code }, "a request failed");
    if (code.startsWith("store-")) parts.metrics.failStore(code);
    if (isRefusal(error)) {
      parts.metrics.refuse(errorCodeOf(error) ?? "");
      await noteRefusal(parts, context, error);
    }
    return context.json(document, status, headers);
  });
}

/** Whoever asks has hung up in the middle of the body: nothing here failed. */
function isCutOff({ env }: Context): boolean {
  const { incoming } = (env ?? {}) as Partial<HttpBindings>;
  return incoming?.destroyed === true && !incoming.complete;
}

function cutOff(): HarnessError {
  return new HarnessError("input-malformed", "The body ended before it was whole; send it again.");
}

function actionsOf(actions: ReadonlyMap<string, string>): (context: Context) => string {
  return (context) => {
    const place = `${context.req.method} ${routeOf(context)}`;
    return actions.get(place) ?? place;
  };
}

interface RouteParts extends ServerParts {
  readonly rates: RateLimits;
  readonly origins: readonly string[];
  readonly actions: Map<string, string>;
  readonly metrics: ServerMetrics;
}

function addVersionOne(app: OpenAPIHono<RequestEnv>, parts: RouteParts): RuntimeSide {
  const operations: readonly AnyOperation[] = OPERATIONS;
  for (const operation of operations) parts.actions.set(placeOf(operation), operation.name);
  const identify = identifyStep(parts);
  const mounting: MountingParts = {
    ...{ desk: parts.desk, identify },
    countStranger: async (context, next) => {
      await parts.rates.countStranger(context.var.address);
      await next();
    },
    startJob: (caller, operation, input) => startJob(parts, caller, { operation, input }),
  };
  const project = new OpenAPIHono<ProjectEnv>();
  project.use("/snapshots/:hash{[0-9a-f]{64}}", openSnapshotStep(parts));
  project.use("*", identify, enterProjectStep(parts));
  project.use("/declarations", auditStep(parts, "declaration.mirror"));
  const runtime = addRuntimeRoutes(project, parts, { meter: runtimeMetrics(parts.metrics.registry) });
  addJobRoutes(project, parts);
  mountProjectOperations(project, operations, mounting);
  app.route("/v1/projects/:project", project);
  const installation = new OpenAPIHono<RequestEnv>();
  mountInstallationOperations(installation, operations, mounting);
  app.route("/v1", installation);
  describeOperations(app.openAPIRegistry, operations);
  describeFurtherRoutes(app.openAPIRegistry);
  return runtime;
}

function documentOf(app: OpenAPIHono<RequestEnv>, publicUrl: string | undefined): object {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Colophon",
      version: "1",
      description: "Prompts as records: every capability of the command line over HTTP.",
    },
    ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
  });
}
