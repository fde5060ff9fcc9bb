/** Asks every route as every role and with every scope, and holds the answers against a table written by hand. */
import { type AnyOperation, OPERATIONS } from "@colophon/harness";
import { MEMBER_ROLES, ROLE_SCOPES, SCOPES, type Scope } from "@colophon/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServerWorld, type ServerWorld } from "../server-world.fixture.ts";
import {
  type Expected,
  FOUND_RIGHTS,
  OPEN_ROUTES,
  OPERATION_TABLE,
  PROJECT_ROUTE_TABLE,
} from "./authorization-table.fixture.ts";
import { type OpenApiDocument, type RouteSample, sampleRequests } from "./sample-request.fixture.ts";

const PROJECT = "/v1/projects/:project";

let world: ServerWorld;
let samples: ReadonlyMap<string, RouteSample>;
/** Requests that name no environment, where they need not. */
let unplaced: ReadonlyMap<string, RouteSample>;

const KNOWN = { project: "main", key: "support.triage", environment: "staging", version: 1 };

beforeAll(async () => {
  world = await openServerWorld({ limits: { requests: 1_000_000 } });
  const document = (await world.ask("GET", "/openapi.json")).json<OpenApiDocument>();
  const byName = (known: object) =>
    new Map(sampleRequests(document, { ...known }).map((sample) => [sample.name, sample] as const));
  samples = byName({ ...KNOWN, name: "staging" });
  const { environment: _, ...elsewhere } = KNOWN;
  unplaced = byName(elsewhere);
});
afterAll(() => world.close());

interface Asker {
  readonly scopes: readonly Scope[];
  /** Null for all. */
  readonly environment: string | null;
  readonly project?: null;
}

function askers(): readonly (readonly [string, Asker])[] {
  return [
    ...MEMBER_ROLES.map((role) => [`a ${role}`, { scopes: ROLE_SCOPES[role], environment: null }] as const),
    ...SCOPES.map((scope) => [`the scope ${scope}`, { scopes: [scope], environment: null }] as const),
    ["every scope in staging", { scopes: SCOPES, environment: "staging" }],
    ["every scope in production", { scopes: SCOPES, environment: "production" }],
    ["every scope of the installation", { scopes: SCOPES, environment: null, project: null }],
  ];
}

function keyOf({ scopes, environment, project = "main" as never }: Asker): Promise<string> {
  return world.key({ project, scopes, environments: environment === null ? null : [environment] });
}

/** @param named the environment that the request names. */
function mayBe({ scope, place }: Expected, asker: Asker, named: string | null): boolean {
  if (place === "everybody" || place === "signed-in") return true;
  if (!asker.scopes.includes(scope)) return false;
  if (place === "installation") return asker.project === null;
  if (place === "registry" || asker.environment === null) return true;
  return (place === "environment" || place === "environment?") && asker.environment === named;
}

/** Whatever became of it, the door was passed. */
function isLetIn({ status, text }: { readonly status: number; readonly text: string }): boolean {
  return status !== 401 && status !== 403 && !text.includes('"project-unknown"');
}

async function letIn(key: string, sample: RouteSample): Promise<boolean> {
  const { method, path, body } = sample;
  return isLetIn(await world.ask(method, path, { key, ...(body === undefined ? {} : { body }) }));
}

describe("the table", () => {
  it("has every operation, with the scope that it asks for", () => {
    const asked = Object.fromEntries(OPERATIONS.map(({ name, scope }) => [name, scope]));
    const written = Object.entries(OPERATION_TABLE).map(([name, { scope }]) => [name, scope]);
    expect(Object.fromEntries(written)).toEqual(asked);
  });

  it("has every route of the server", () => {
    const operations: readonly AnyOperation[] = OPERATIONS;
    const known = new Set([
      ...OPEN_ROUTES,
      ...[...Object.keys(PROJECT_ROUTE_TABLE), ...FOUND_RIGHTS].map((route) =>
        route.replace(" ", ` ${PROJECT}`),
      ),
      ...operations.map(({ kind, method, path }) => {
        const base = kind === "installation" ? "/v1" : PROJECT;
        return `${method} ${base}${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
      }),
    ]);
    const routes = world.server.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);
    expect(new Set(routes)).toEqual(known);
  });
});

describe.each(askers())("%s", (_title, asker) => {
  it("is let in just where the table says", async () => {
    const key = await keyOf(asker);
    for (const [name, expected] of Object.entries(OPERATION_TABLE)) {
      // Nobody gives what they lack, which is said by the rule behind the door.
      if (expected.gives === true && asker.scopes.length < SCOPES.length && asker.scopes.includes("admin"))
        continue;
      const sample = samples.get(name);
      if (sample === undefined) throw new Error(`The document lacks ${name}.`);
      expect([name, await letIn(key, sample)]).toEqual([name, mayBe(expected, asker, "staging")]);
    }
  });

  it("needs rights in the whole project where a request names no environment", async () => {
    const key = await keyOf(asker);
    for (const [name, expected] of Object.entries(OPERATION_TABLE)) {
      if (expected.place !== "environment?") continue;
      const sample = unplaced.get(name);
      expect([name, sample !== undefined && (await letIn(key, sample))]).toEqual([
        name,
        mayBe(expected, asker, null),
      ]);
    }
  });

  it("is let in to resolve and record just where the table says", async () => {
    const key = await keyOf(asker);
    for (const [route, expected] of Object.entries(PROJECT_ROUTE_TABLE)) {
      const [method = ""] = route.split(" ");
      const filled = (text: string): string => text.replaceAll("{environment}", "staging");
      const body = expected.body === undefined ? undefined : filled(JSON.stringify(expected.body));
      const { status, text } = await firstPiece(method, `/v1/projects/main${filled(expected.path)}`, {
        key,
        body,
      });
      expect([route, isLetIn({ status, text })]).toEqual([route, mayBe(expected, asker, "staging")]);
      if (mayBe(expected, asker, "staging"))
        expect([route, status]).toEqual([route, status < 300 ? status : 200]);
    }
  });
});

/** A stream has no end; its status is there at once. */
async function firstPiece(
  method: string,
  path: string,
  { key, body }: { readonly key: string; readonly body: string | undefined },
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await world.server.request(path, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body }),
  });
  if (answer.status < 300) {
    await answer.body?.cancel();
    return { status: answer.status, text: "" };
  }
  return { status: answer.status, text: await answer.text() };
}

describe("passing a gate without evidence", () => {
  const exceptions = Object.entries(OPERATION_TABLE).filter(([, { exception }]) => exception === true);

  it.each(exceptions)("by %s asks for break-glass too", async (name, { scope }) => {
    const sample = samples.get(name);
    if (sample === undefined) throw new Error(`The document lacks ${name}.`);
    const broken = { ...sample, body: { ...sample.body, breakGlass: "outage" } };
    const lacking = await keyOf({ scopes: [scope], environment: null });
    const having = await keyOf({ scopes: [scope, "break-glass"], environment: null });
    const elsewhere = await keyOf({ scopes: [scope, "break-glass"], environment: "production" });
    expect(await letIn(lacking, sample)).toBe(true);
    expect(await letIn(lacking, broken)).toBe(false);
    expect(await letIn(having, broken)).toBe(true);
    expect(await letIn(elsewhere, broken)).toBe(false);
  });

  it("is asked by every operation that knows it, and by no other", () => {
    const operations: readonly AnyOperation[] = OPERATIONS;
    const known = operations.filter(({ isException }) => isException !== undefined).map(({ name }) => name);
    expect(known.toSorted()).toEqual(exceptions.map(([name]) => name).toSorted());
    const fields = operations.filter(({ input }) => "breakGlass" in input.shape).map(({ name }) => name);
    expect(fields.toSorted()).toEqual(known.toSorted());
  });
});

describe("nobody", () => {
  it("is let in nowhere but where everybody is", async () => {
    const answered = async (name: string): Promise<number> => {
      const sample = samples.get(name);
      if (sample === undefined) throw new Error(`The document lacks ${name}.`);
      const { method, path, body } = sample;
      return (await world.ask(method, path, body === undefined ? {} : { body })).status;
    };
    const [open, closed] = [true, false].map((isOpen) =>
      Object.keys(OPERATION_TABLE).filter(
        (name) => (OPERATION_TABLE[name]?.place === "everybody") === isOpen,
      ),
    );
    for (const name of open ?? []) expect([name, await answered(name)]).toEqual([name, 400]);
    // After so many tries nobody is even told why.
    for (const name of closed ?? []) expect([401, 429]).toContain(await answered(name));
  });
});
