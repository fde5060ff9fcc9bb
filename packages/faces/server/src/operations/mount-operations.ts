/** One route for each operation of the catalogue: its place, its input, its rights, its answer. */
import type {
  AnyOperation,
  InstallationDesk,
  InstallationOperation,
  JobOperation,
  Operation,
} from "@colophon/harness";
import { HarnessError, type Job } from "@colophon/kernel";
import type { Context, Handler, Hono, MiddlewareHandler } from "hono";
import { authorize, projectOf, projectUnknown } from "../access/authorize.ts";
import { namedProject } from "../access/enter-project-step.ts";
import type { Identity } from "../access/identify.ts";
import { inputReader } from "../requests/read-input.ts";
import type { Caller, ServerParts } from "../server-parts.ts";
import type { IdentityEnv, ProjectEnv, RequestEnv } from "../server-variables.ts";
import { runOperation, subjectOf } from "./run-operation.ts";

export interface StartedBy extends Caller {
  readonly project: string;
}

export interface MountingParts extends Pick<ServerParts, "desk"> {
  readonly identify: MiddlewareHandler<IdentityEnv>;
  /** Stands in its place where an operation is open to everybody. */
  readonly countStranger: MiddlewareHandler<RequestEnv>;
  readonly startJob: (caller: StartedBy, operation: JobOperation, input: object) => Promise<Job>;
}

/** As a router writes a path: `/prompts/:key`. */
function routePathOf({ path }: Pick<AnyOperation, "path">): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** Fixed words before names, so that `/prompts/diff` is not taken for a prompt. */
function inRoutingOrder<T extends Pick<AnyOperation, "path">>(operations: readonly T[]): readonly T[] {
  const rank = ({ path }: T): string => path.replaceAll(/\{\w+\}/g, "\uffff");
  return operations.toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

/** Operations of projects, on the routes below `/v1/projects/{project}`. */
export function mountProjectOperations(
  app: Hono<ProjectEnv>,
  operations: readonly AnyOperation[],
  parts: MountingParts,
): void {
  for (const operation of inRoutingOrder(operations)) {
    if (operation.kind === "installation") continue;
    app.on(operation.method, routePathOf(operation), projectHandler(operation, parts));
  }
}

function projectHandler(operation: Operation | JobOperation, parts: MountingParts): Handler<ProjectEnv> {
  const read = inputReader(operation);
  return async (context) => {
    const { caller, project, harness } = context.var;
    const input = await read(context);
    context.set("asked", { project, ...subjectOf(operation, input) });
    authorize(caller.rights, operation, input);
    const place = { desk: parts.desk, actor: caller.actor, project };
    if (operation.kind === "job") {
      const start = () => parts.startJob({ ...caller, project }, operation, input);
      return context.json(await runOperation(place, { operation, input }, start), 202);
    }
    const run = () => operation.run(harness, input as never);
    return answer(context, await runOperation(place, { operation, input }, run));
  };
}

/** Operations on the installation, on the routes below `/v1`. */
export function mountInstallationOperations(
  app: Hono<RequestEnv>,
  operations: readonly AnyOperation[],
  parts: MountingParts,
): void {
  for (const operation of inRoutingOrder(operations)) {
    if (operation.kind !== "installation") continue;
    const door = operation.openTo === "everybody" ? parts.countStranger : parts.identify;
    const handler = installationHandler(operation, parts);
    app.on(operation.method, routePathOf(operation), door as MiddlewareHandler, handler as Handler);
  }
}

/** Who asks for what is open to everybody. */
const NOBODY: Pick<Identity, "actor" | "project" | "rightsIn"> = {
  actor: { id: "nobody", via: "server" },
  project: null,
  rightsIn: async () => [],
};

function installationHandler(
  operation: InstallationOperation,
  { desk }: MountingParts,
): Handler<IdentityEnv> {
  const read = inputReader(operation);
  return async (context) => {
    const identity = (context.var.identity as Identity | undefined) ?? NOBODY;
    const said: { readonly project?: unknown } = await read(context);
    const { project: named } = said;
    const input = typeof named === "string" ? { ...said, project: namedProject(identity, named) } : said;
    const project = projectOf(operation, input);
    context.set("asked", { project, ...subjectOf(operation, input) });
    if (operation.openTo === undefined) {
      const rights = await identity.rightsIn(project);
      if (project !== null && rights.length === 0) throw projectUnknown(project);
      authorize(rights, operation, input);
    }
    const place = { desk, actor: identity.actor, project };
    const run = () => operation.run(deskFor(desk, identity), input as never);
    return answer(context, await runOperation(place, { operation, input }, run));
  };
}

/** The same desk with the caller behind it. */
function deskFor(
  desk: InstallationDesk,
  { actor, rightsIn }: Pick<Identity, "actor" | "rightsIn">,
): InstallationDesk {
  const { installation, signIn, store, clock } = desk;
  return {
    ...{ installation, signIn, store, clock, actor, rightsIn },
    project: (id) => desk.project(id),
    close: stayOpen,
  };
}

async function stayOpen(): Promise<void> {
  throw new HarnessError("usage", "An operation does not close the installation.");
}

function answer(context: Context, output: unknown): Response {
  return context.json(output ?? null);
}
