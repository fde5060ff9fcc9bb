/** Describes the server's routes as an OpenAPI 3.1 document, from the operations that they are made of. */
import type { AnyOperation } from "@colophon/harness";
import { ERROR_CODES } from "@colophon/kernel";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { pathNames } from "../requests/read-input.ts";
import { type JsonShape, JsonShapes } from "./json-shapes.ts";

type Registry = OpenAPIHono["openAPIRegistry"];
type RouteConfig = Parameters<Registry["registerPath"]>[0];

const PROJECT = {
  name: "project",
  in: "path",
  required: true,
  description: "The project's id, or ~ for the key's own.",
  schema: { type: "string" },
} as const;

const ERROR_DOCUMENT = z
  .object({ error: z.object({ code: z.enum([...ERROR_CODES, "bug"]), message: z.string() }) })
  .meta({ id: "Error" });

/** What a server does as a job, as it is answered at once. */
const JOB = z
  .object({ id: z.string(), project: z.string(), operation: z.string(), state: z.string() })
  .meta({ id: "StartedJob" });

const DOORS: RouteConfig["security"] = [{ key: [] }, { session: [] }];

/** Adds the operations to the registry of an app, whose further routes may be there already. */
export function describeOperations(registry: Registry, operations: readonly AnyOperation[]): void {
  const shapes = new JsonShapes();
  const error = shapes.shapeOf(ERROR_DOCUMENT, { io: "output", name: "Error" });
  for (const operation of operations) registry.registerPath(routeOf(operation, { shapes, error }));
  for (const [name, shape] of Object.entries(shapes.components)) {
    registry.registerComponent("schemas", name, { ...shape });
  }
  registry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer" });
  registry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "colophon.session_token",
    description:
      "Set by POST /auth/sign-in/email with `email` and `password`. Where the public URL is https its name begins with `__Secure-`. A change needs an `Origin` header too, with the public URL.",
  });
}

interface Shaping {
  readonly shapes: JsonShapes;
  readonly error: JsonShape;
}

function routeOf(operation: AnyOperation, shaping: Shaping): RouteConfig {
  const { name, method, path, tag, summary, scope } = operation;
  const isOfProject = operation.kind !== "installation";
  const openTo = isOfProject ? undefined : operation.openTo;
  return {
    operationId: name,
    method: method.toLowerCase() as RouteConfig["method"],
    path: `${isOfProject ? "/v1/projects/{project}" : "/v1"}${path}`,
    tags: [tag],
    summary,
    ...(openTo === undefined ? { description: `Asks for the scope \`${scope}\`.` } : {}),
    security: openTo === "everybody" ? [] : DOORS,
    ...requestOf(operation, shaping),
    responses: responsesOf(operation, shaping),
  } as RouteConfig;
}

/** Fields in the path, then in the query or the body. */
function requestOf(operation: AnyOperation, { shapes }: Shaping): object {
  const shape = shapes.shapeOf(operation.input, { io: "input", name: `${nounOf(operation.name)}Input` });
  const properties = (shape.properties ?? {}) as Readonly<Record<string, JsonShape>>;
  const required = new Set((shape.required ?? []) as readonly string[]);
  const inPath = new Set(pathNames(operation.path));
  const pathParameters = [...inPath].map((name) => ({
    name,
    in: "path",
    required: true,
    schema: properties[name] ?? { type: "string" },
  }));
  const rest = Object.entries(properties).filter(([name]) => !inPath.has(name));
  const queryParameters = rest.map(([name, schema]) => parameterOf(name, schema, required.has(name)));
  const parameters = [
    ...(operation.kind === "installation" ? [] : [PROJECT]),
    ...pathParameters,
    ...(operation.method === "GET" ? queryParameters : []),
  ];
  if (operation.method === "GET" || rest.length === 0) return { parameters };
  const schema = {
    ...shape,
    properties: Object.fromEntries(rest),
    required: [...required].filter((name) => !inPath.has(name)),
  };
  return { parameters, request: { body: { content: { "application/json": { schema } } } } };
}

/** Lists as repeated names, objects as JSON. */
function parameterOf(name: string, schema: JsonShape, required: boolean): object {
  const place = { name, in: "query", required };
  const isPlain = schema.type !== "object" && schema.$ref === undefined;
  return isPlain ? { ...place, schema } : { ...place, content: { "application/json": { schema } } };
}

function responsesOf(operation: AnyOperation, { shapes, error }: Shaping): object {
  const isJob = operation.kind === "job";
  const noun = nounOf(operation.name);
  const output = shapes.shapeOf(operation.output, { io: "output", name: `${noun}Output` });
  const job = shapes.shapeOf(JOB, { io: "output", name: "StartedJob" });
  const failed = { description: "Refused, or failed.", content: { "application/json": { schema: error } } };
  if (!isJob) {
    return {
      200: { description: "Done.", content: { "application/json": { schema: output } } },
      default: failed,
    };
  }
  const schema = { allOf: [job, { type: "object", properties: { output } }] };
  return {
    202: {
      description: "The job that does it; its output is there when it is done.",
      content: { "application/json": { schema } },
    },
    default: failed,
  };
}

/** `rollout.start` as `RolloutStart`. */
function nounOf(name: string): string {
  return name.replaceAll(/(?:^|[.-])(\w)/g, (_, letter: string) => letter.toUpperCase());
}
