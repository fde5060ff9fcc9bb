/** Asks one project for what is another's, on every route of the OpenAPI document and those beside it. */
import { SCOPES } from "@colophon/kernel";
import { anExecution } from "@colophon/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answered, OTHER_PROJECT, openServerWorld, type ServerWorld } from "../server-world.fixture.ts";
import {
  type Known,
  type OpenApiDocument,
  type RouteSample,
  sampleRequests,
} from "./sample-request.fixture.ts";

/** Stands in what the first project holds, and in no request of the second. */
const MARK = "sesame-of-main";
const KEY = "support.triage";
const SET = "triage-cases";

let world: ServerWorld;
let document: OpenApiDocument;
/** Everything in the first project. */
let owner: string;
/** Everything in the second project, and nothing in the first. */
let stranger: string;
let ids: { readonly execution: string; readonly job: string; readonly key: string; readonly hash: string };

beforeAll(async () => {
  world = await openServerWorld({ limits: { requests: 1_000_000 } });
  document = (await world.ask("GET", "/openapi.json")).json<OpenApiDocument>();
  owner = await world.key({ name: MARK, scopes: SCOPES });
  stranger = await world.key({ name: "stranger", project: OTHER_PROJECT, scopes: SCOPES });
  ids = await fillFirst();
});
afterAll(() => world.close());

async function succeeds(method: string, path: string, body?: unknown): Promise<Answered> {
  const answer = await world.ask(method, path, { key: owner, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer;
}

/** One of each thing that has an id, with the mark in it. */
async function fillFirst(): Promise<typeof ids> {
  const at = "/v1/projects/main";
  const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
  const value = { key: KEY, owner: MARK, model: "gpt-5-mini", body: `${MARK}: {{ticket}}`, input };
  await succeeds("POST", `${at}/versions`, { value, file: "one.json", message: MARK });
  const where = { environment: "staging", version: 1, reason: MARK };
  await succeeds("POST", `${at}/prompts/${KEY}/releases`, where);
  const subject = { kind: "user", value: MARK };
  await succeeds("PUT", `${at}/prompts/${KEY}/overrides`, { ...where, subject, expires: null });
  const proposed = { ...value, body: `${MARK}, anew: {{ticket}}` };
  const candidate = { value: proposed, file: "two.json", rationale: MARK };
  await succeeds("POST", `${at}/prompts/${KEY}/candidates`, candidate);
  const line = JSON.stringify({ id: "one", variables: { ticket: MARK }, expected: "billing" });
  const file = { file: "cases.jsonl", text: `${line}\n`, format: "jsonl" };
  await succeeds("POST", `${at}/eval-sets`, { file, name: SET, owner: MARK });
  const harness = await world.desk.project("main");
  const row = anExecution(harness.ids, { prompt: KEY, environment: "staging", subjects: { user: MARK } });
  await harness.ledger.append([row]);
  const { id: job } = (await succeeds("POST", `${at}/verifications`, {})).json<{ id: string }>();
  await succeeds("PUT", "/v1/secrets/OPENAI_API_KEY", { project: "main", value: MARK });
  const [key] = await world.desk.installation.keys.list("main");
  const snapshot = await succeeds("GET", `${at}/snapshot?environment=staging`);
  const hash = snapshot.headers.get("etag")?.replaceAll('"', "") ?? "";
  return { execution: row.id, job, key: key?.id ?? "", hash };
}

/** What is known to whoever wants in: every id and name of the first project. */
function known(project: string): Known {
  return {
    ...{ project, key: KEY, set: SET, prompt: KEY, version: 1, candidate: 1, environment: "staging" },
    ...{ execution: ids.execution, id: ids.key, name: "OPENAI_API_KEY", versions: [1, 1] },
  };
}

/** Routes that are no operations, each with an id of the first project. */
function besideRoutes(project: string): readonly RouteSample[] {
  const at = `/v1/projects/${project}`;
  const get = (path: string): RouteSample => ({
    ...{ name: path, method: "GET", template: path, path: `${at}${path}` },
  });
  const find = { environment: "staging" };
  return [
    get("/snapshot?environment=staging"),
    get(`/snapshots/${ids.hash}`),
    get("/jobs"),
    get(`/jobs/${ids.job}`),
    get(`/jobs/${ids.job}/events?after=0`),
    { ...get(`/jobs/${ids.job}`), method: "DELETE" },
    { ...get("/versions/find"), method: "POST", body: { ...find, versions: [{ key: KEY, version: 1 }] } },
    {
      ...get("/overrides/find"),
      method: "POST",
      body: { ...find, subjects: [{ kind: "user", value: "ada" }] },
    },
  ];
}

function requests(project: string): readonly RouteSample[] {
  return [...sampleRequests(document, known(project)), ...besideRoutes(project)];
}

function ask({ method, path, body }: RouteSample, key: string): Promise<Answered> {
  return world.ask(method, path, { key, ...(body === undefined ? {} : { body }) });
}

/** All that the first project holds, for a look before and after. */
async function firstProject(): Promise<unknown> {
  const { keys, secrets, people, jobs } = world.desk.installation;
  const { records, ledger } = await world.desk.project("main");
  const job = await jobs.find(ids.job);
  return {
    revision: await records.revision(),
    executions: (await ledger.listExecutions({})).length,
    keys: (await keys.list("main")).map(({ id, revokedAt }) => [id, revokedAt]),
    secrets: await secrets.list("main"),
    members: await people.listMemberships({ project: "main" }),
    invitations: await people.listInvitations("main"),
    job: [job?.state, job?.cancelAsked],
  };
}

/** Whether the path itself holds an id or a name of the first project. */
function namesSomething({ template, path }: RouteSample): boolean {
  return (
    /\{(key|set|execution|candidate|id)\}/.test(template) ||
    [ids.hash, ids.job].some((id) => path.includes(id))
  );
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (typeof value === "object" && Object.values(value).every(isEmpty));
}

describe("in another project", () => {
  it("no id or name of the first one says or changes anything", async () => {
    const before = await firstProject();
    for (const request of requests(OTHER_PROJECT)) {
      const { status, text } = await ask(request, stranger);
      const place = `${request.method} ${request.path}`;
      expect(text, place).not.toContain(MARK);
      expect(status, `${place}: ${text}`).toBeLessThan(500);
      if (!namesSomething(request) || status >= 300 || request.method !== "GET") continue;
      expect(isEmpty(JSON.parse(text)), `${place}: ${text}`).toBe(true);
    }
    expect(await firstProject()).toEqual(before);
  });

  it("the same requests say much in the first one, so that the silence means something", async () => {
    const telling = new Set<string>();
    for (const request of requests("main")) {
      if (request.method === "DELETE" || request.name.startsWith("subject.")) continue;
      const { text } = await ask(request, owner);
      if (text.includes(MARK)) telling.add(request.name);
    }
    expect([...telling]).toEqual(
      expect.arrayContaining([
        ...[
          "prompt.show",
          "version.list",
          "candidate.list",
          "override.list",
          "eval-set.show",
          "eval-set.export",
        ],
        ...["key.list", "snapshot.export", "/snapshot?environment=staging", `/snapshots/${ids.hash}`],
        "/versions/find",
      ]),
    );
  });
});

describe("the key of another project", () => {
  it("is told on every route of the first one that there is no such project", async () => {
    const before = await firstProject();
    for (const request of requests("main")) {
      const { status, text } = await ask(request, stranger);
      const place = `${request.method} ${request.path}`;
      expect(text, place).not.toContain(MARK);
      if (!/^\/v1\/projects\/main|project/.test(`${request.path} ${JSON.stringify(request.body)}`)) continue;
      if (request.name === "project.list" || request.name === "project.create") continue;
      expect([place, status, text]).toEqual([place, 404, expect.stringContaining('"project-unknown"')]);
    }
    expect(await firstProject()).toEqual(before);
  });
});
