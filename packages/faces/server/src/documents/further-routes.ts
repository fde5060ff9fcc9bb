/** Describes the routes of a project that are no operations: what applications resolve and record by, and jobs. */
import { JOB_STATES, type Scope, SUBJECT_KINDS } from "@colophon/kernel";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { JsonShape } from "./json-shapes.ts";

type Registry = OpenAPIHono["openAPIRegistry"];

interface FurtherRoute {
  readonly name: string;
  readonly method: "get" | "post" | "put" | "delete";
  readonly path: string;
  readonly tag: "runtime" | "jobs";
  readonly summary: string;
  /** Null where it is asked for in another way, which the summary says. */
  readonly scope: Scope | null;
  readonly query?: Readonly<Record<string, JsonShape>>;
  readonly body?: JsonShape;
  readonly answer?: JsonShape;
  /** JSON unless given. */
  readonly type?: string;
}

const TEXT = { type: "string" } as const;
const COUNT = { type: "integer", minimum: 0 } as const;
const ANY = {} as const;
const list = (items: JsonShape): JsonShape => ({ type: "array", items });
const object = (properties: Readonly<Record<string, JsonShape>>): JsonShape => ({
  ...{ type: "object", properties },
  required: Object.keys(properties),
});

const JOB = object({
  ...{ id: TEXT, project: TEXT, operation: TEXT, by: ANY, createdAt: COUNT, tries: COUNT },
  state: { type: "string", enum: JOB_STATES },
  ...{ startedAt: { type: ["integer", "null"] }, endedAt: { type: ["integer", "null"] } },
});
const SUBJECT = object({ kind: { type: "string", enum: SUBJECT_KINDS }, value: TEXT });

const FURTHER_ROUTES: readonly FurtherRoute[] = [
  {
    ...{ name: "snapshot.current", method: "get", path: "/snapshot", tag: "runtime", scope: "resolve" },
    summary:
      "The snapshot of an environment, with its hash as ETag, its revision as Colophon-Revision and its project as Colophon-Project. Whoever sends the revision that they hold gets none before it.",
    query: { environment: TEXT },
    answer: ANY,
  },
  {
    ...{ name: "snapshot.find", method: "get", path: "/snapshots/{hash}", tag: "runtime", scope: null },
    summary: "A snapshot by its hash: for ever the same, and open to whoever knows the hash.",
    answer: ANY,
  },
  {
    ...{ name: "snapshot.follow", method: "get", path: "/events", tag: "runtime", scope: "resolve" },
    summary: "What changes in an environment, as server-sent events: change, reset and bye.",
    query: { environment: TEXT, after: COUNT },
    type: "text/event-stream",
  },
  {
    ...{ name: "version.find", method: "post", path: "/versions/find", tag: "runtime", scope: "resolve" },
    summary: "Versions that code pins and the snapshot does not hold.",
    body: object({ environment: TEXT, versions: list(object({ key: TEXT, version: COUNT })) }),
    answer: ANY,
  },
  {
    ...{ name: "override.find", method: "post", path: "/overrides/find", tag: "runtime", scope: "resolve" },
    summary: "The overrides of subjects, ahead of their calls.",
    body: object({ environment: TEXT, subjects: list(SUBJECT) }),
    answer: object({ overrides: { type: "object" }, revision: COUNT }),
  },
  {
    ...{ name: "ledger.append", method: "post", path: "/ledger", tag: "runtime", scope: "record" },
    summary: "A batch of ledger entries, as a list or as JSON Lines (application/x-ndjson), gzip welcome.",
    body: list({ type: "object" }),
    answer: object({
      ...{ stored: COUNT, duplicates: COUNT, skew: { type: ["integer", "null"] } },
      refused: list(object({ index: COUNT, code: TEXT, message: TEXT })),
    }),
  },
  {
    ...{ name: "declaration.mirror", method: "post", path: "/declarations", tag: "runtime", scope: "record" },
    summary: "What the code of an application declares in an environment.",
    body: object({
      ...{ application: { type: ["string", "null"] }, environment: TEXT, number: { type: "boolean" } },
      ...{ declarations: list({ type: "object" }), commit: { type: ["string", "null"] } },
    }),
    answer: list(ANY),
  },
  {
    ...{ name: "follower.follow", method: "put", path: "/followers/{id}", tag: "runtime", scope: "resolve" },
    summary: "A running process says which revision it serves.",
    body: object({
      ...{ application: { type: ["string", "null"] }, environment: TEXT },
      ...{ revision: COUNT, appliedAt: COUNT },
    }),
  },
  {
    ...{ name: "follower.end", method: "delete", path: "/followers/{id}", tag: "runtime", scope: "resolve" },
    summary: "A running process says that it ends.",
  },
  {
    ...{ name: "job.list", method: "get", path: "/jobs", tag: "jobs", scope: null },
    summary: "The jobs of a project that whoever asks may read or start, newest first.",
    answer: list(JOB),
  },
  {
    ...{ name: "job.show", method: "get", path: "/jobs/{id}", tag: "jobs", scope: null },
    summary: "A job that whoever asks may read or start, with its output once it is done.",
    answer: JOB,
  },
  {
    ...{ name: "job.listEvents", method: "get", path: "/jobs/{id}/events", tag: "jobs", scope: null },
    summary: "What a job that whoever asks may read or start said on its way.",
    query: { after: COUNT },
    answer: list(object({ n: COUNT, at: COUNT, kind: TEXT, data: ANY })),
  },
  {
    ...{ name: "job.cancel", method: "delete", path: "/jobs/{id}", tag: "jobs", scope: null },
    summary: "Ends a job that whoever asks may start.",
    answer: JOB,
  },
];

type RouteConfig = Parameters<Registry["registerPath"]>[0];

export function describeFurtherRoutes(registry: Registry): void {
  for (const route of FURTHER_ROUTES) registry.registerPath(described(route));
}

function described({ type = "application/json", ...route }: FurtherRoute): RouteConfig {
  const parameters = ["project", ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name)].map(
    (name) => ({ name, in: "path", required: true, schema: TEXT }),
  );
  const query = Object.entries(route.query ?? {}).map(([name, schema]) => ({
    ...{ name, in: "query", required: name === "environment", schema },
  }));
  const content = (schema: JsonShape, of: string): object => ({ content: { [of]: { schema } } });
  const isOpen = route.name === "snapshot.find";
  return {
    ...{ operationId: route.name, method: route.method, path: `/v1/projects/{project}${route.path}` },
    ...{ tags: [route.tag], summary: route.summary, parameters: [...parameters, ...query] },
    ...(route.scope === null ? {} : { description: `Asks for the scope \`${route.scope}\`.` }),
    security: isOpen ? [] : [{ key: [] }, { session: [] }],
    ...(route.body === undefined ? {} : { request: { body: content(route.body, "application/json") } }),
    responses: {
      [route.answer === undefined && type === "application/json" ? 204 : 200]: {
        description: "Done.",
        ...(route.answer === undefined && type === "application/json"
          ? {}
          : content(route.answer ?? TEXT, type)),
      },
    },
  } as RouteConfig;
}
