/** Tests of the routes of jobs: who sees which, what they answer, and what belongs to another project. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InstallationDesk } from "@colophon/harness";
import { FIRST_PROJECT, type Job, type Right } from "@colophon/kernel";
import { type FixedClock, fixedClock } from "@colophon/testkit";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerError } from "../requests/answer-error.ts";
import type { ProjectEnv } from "../server-variables.ts";
import { addJobRoutes } from "./job-routes.ts";
import { openJobsDesk } from "./jobs-desk.fixture.ts";
import { startJob } from "./start-job.ts";

const OTHER_PROJECT = "other";
const ACTOR = { id: "clp_key_1", via: "server" } as const;
const READER: Right = { scopes: ["read"], environment: null };

let folder: string;
let clock: FixedClock;
let desk: InstallationDesk;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-job-routes-"));
  clock = fixedClock();
  desk = await openJobsDesk(folder, clock);
  await desk.installation.projects.create({ id: OTHER_PROJECT, name: "Other" });
});
afterEach(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(environment: string, project = FIRST_PROJECT): Promise<Job> {
  const input = { key: "support.triage", version: 1, environment };
  const operation = { name: "evaluation.run" };
  return startJob({ desk }, { actor: ACTOR, project }, { operation, input });
}

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** As somebody with these rights in the project. */
async function ask(
  rights: readonly Right[],
  place: string,
  { method = "GET", project = FIRST_PROJECT } = {},
): Promise<Answered> {
  const app = new Hono<ProjectEnv>();
  app.use("*", async (context, next) => {
    context.set("caller", { actor: ACTOR, project, rights });
    context.set("project", project);
    await next();
  });
  app.onError((error, context) => {
    const { status, document } = answerError(error);
    return context.json(document, status);
  });
  addJobRoutes(app, { desk });
  const answer = await app.request(place, { method });
  return { status: answer.status, body: await answer.json() };
}

const refused = (status: number, code: string) => ({ status, body: { error: { code } } });

describe("The routes of jobs", () => {
  test("list the jobs of the project, the newest first, without what went in and came out", async () => {
    const first = await start("staging");
    clock.advance(1);
    const second = await start("production");
    await start("staging", OTHER_PROJECT);
    await desk.installation.jobs.cancel(first.id);
    const { body } = await ask([READER], "/jobs");
    expect((body as Job[]).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(body).toEqual([expect.not.objectContaining({ input: expect.anything() }), expect.anything()]);
    const { body: cancelled } = await ask([READER], "/jobs?state=cancelled&state=failed");
    expect((cancelled as Job[]).map(({ id }) => id)).toEqual([first.id]);
    expect((await ask([READER], "/jobs?limit=1")).body).toHaveLength(1);
    for (const query of ["state=asleep", "limit=-1", "limit=many"]) {
      expect(await ask([READER], `/jobs?${query}`)).toMatchObject(refused(400, "input-malformed"));
    }
  });

  test("show one with its events, from any of them on", async () => {
    const { id } = await start("staging");
    const { jobs } = desk.installation;
    await jobs.take("here", 1_000);
    for (const data of ["one", "two"]) await jobs.say(id, "here", { kind: "notice", data });
    const shown = await ask([READER], `/jobs/${id}`);
    expect(shown).toMatchObject({ status: 200, body: { id, state: "running", input: { version: 1 } } });
    expect((await ask([READER], `/jobs/${id}/events`)).body).toHaveLength(2);
    const { body } = await ask([READER], `/jobs/${id}/events?after=1`);
    expect(body).toMatchObject([{ n: 2, kind: "notice", data: "two" }]);
    await jobs.finish(id, "here", { state: "done", output: { lines: 3 } });
    expect((await ask([READER], `/jobs/${id}`)).body).toMatchObject({ output: { lines: 3 } });
  });

  test("hide what belongs to another project as if it were not there", async () => {
    const { id } = await start("staging");
    const elsewhere = { project: OTHER_PROJECT };
    const admin: Right = { scopes: ["read", "evaluate", "admin"], environment: null };
    for (const place of [`/jobs/${id}`, `/jobs/${id}/events`, "/jobs/none"]) {
      expect(await ask([admin], place, elsewhere)).toMatchObject(refused(404, "job-unknown"));
    }
    const ended = await ask([admin], `/jobs/${id}`, { ...elsewhere, method: "DELETE" });
    expect(ended).toMatchObject(refused(404, "job-unknown"));
    expect((await desk.installation.jobs.find(id))?.state).toBe("queued");
  });

  test("let whoever reads where a job works see it, and whoever may start it see and end it", async () => {
    const { id } = await start("staging");
    const evaluates: Right = { scopes: ["evaluate"], environment: "staging" };
    const reads: Right = { scopes: ["read"], environment: "staging" };
    const others: readonly Right[] = [
      { scopes: ["read", "evaluate"], environment: "production" },
      { scopes: ["record", "resolve", "release"], environment: null },
    ];
    for (const right of [evaluates, reads]) {
      expect((await ask([right], `/jobs/${id}`)).status).toBe(200);
      expect((await ask([right], "/jobs")).body).toHaveLength(1);
    }
    for (const right of others) {
      expect(await ask([right], `/jobs/${id}`)).toMatchObject(refused(403, "not-allowed"));
      expect(await ask([right], `/jobs/${id}/events`)).toMatchObject(refused(403, "not-allowed"));
      expect((await ask([right], "/jobs")).body).toEqual([]);
    }
    for (const right of [reads, ...others]) {
      const ended = await ask([right], `/jobs/${id}`, { method: "DELETE" });
      expect(ended).toMatchObject(refused(403, "not-allowed"));
    }
    expect(await ask([evaluates], `/jobs/${id}`, { method: "DELETE" })).toMatchObject({
      status: 200,
      body: { id, state: "cancelled" },
    });
    const [entry] = await desk.installation.audit.list({ action: "job.cancel" });
    expect(entry).toMatchObject({ actor: ACTOR, project: FIRST_PROJECT, target: id, allowed: true });
  });

  test("show a job that this server does not know to whoever reads the project, and let admins end it", async () => {
    const operation = { name: "evaluation.of-tomorrow" };
    const asked = { operation, input: {} };
    const { id } = await startJob({ desk }, { actor: ACTOR, project: FIRST_PROJECT }, asked);
    expect((await ask([READER], `/jobs/${id}`)).status).toBe(200);
    const ended = await ask([READER], `/jobs/${id}`, { method: "DELETE" });
    expect(ended).toMatchObject(refused(403, "not-allowed"));
    const admin: Right = { scopes: ["admin"], environment: null };
    expect((await ask([admin], `/jobs/${id}`, { method: "DELETE" })).status).toBe(200);
  });
});
