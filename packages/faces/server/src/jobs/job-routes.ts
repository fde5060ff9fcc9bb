/** The routes by which a client follows the jobs of a project, and ends one. */
import { HarnessError, JOB_STATES, type Job, type JobState, type Right } from "@colophon/kernel";
import type { Context, Hono } from "hono";
import type { ServerParts } from "../server-parts.ts";
import type { ProjectEnv } from "../server-variables.ts";
import { mayEnd, maySee } from "./job-access.ts";

/** A job as lists show it: what went in and what came out may be large. */
export type ListedJob = Omit<Job, "input" | "output">;

const MOST_LISTED = 1_000;
const LISTED = 100;

/**
 * `GET /jobs`, `GET /jobs/{id}`, `GET /jobs/{id}/events?after=N` and `DELETE /jobs/{id}`, below
 * `/v1/projects/{project}`, whose variables are set. What belongs to another project is not there.
 */
export function addJobRoutes(app: Hono<ProjectEnv>, { desk }: Pick<ServerParts, "desk">): void {
  const { jobs, audit } = desk.installation;

  app.get("/jobs", async (context) => {
    const { project, caller } = context.var;
    const { limit, states } = readListing(context);
    const found = await jobs.list({ project, limit, ...(states !== undefined && { states }) });
    return context.json(found.filter((job) => maySee(caller.rights, job)).map(listed));
  });

  app.get("/jobs/:id", async (context) => context.json(await findJob(context, maySee)));

  app.get("/jobs/:id/events", async (context) => {
    const { id } = await findJob(context, maySee);
    return context.json(await jobs.listEvents(id, wholeNumber(context, "after") ?? 0));
  });

  app.delete("/jobs/:id", async (context) => {
    const job = await findJob(context, mayEnd);
    await jobs.cancel(job.id);
    const { project, caller } = context.var;
    const entry = { actor: caller.actor, project, environment: null, allowed: true };
    await audit.append({ ...entry, action: "job.cancel", target: job.id, detail: job.operation });
    return context.json(listed((await jobs.find(job.id)) ?? job));
  });

  async function findJob(
    context: Context<ProjectEnv>,
    may: (rights: readonly Right[], job: Job) => boolean,
  ): Promise<Job> {
    const { project, caller } = context.var;
    const id = context.req.param("id") ?? "";
    const job = await jobs.find(id);
    if (job === undefined || job.project !== project) {
      throw new HarnessError("job-unknown", `There is no job ${id} in this project.`);
    }
    if (may(caller.rights, job)) return job;
    throw new HarnessError(
      "not-allowed",
      `The job ${id} asks for rights where it works; ask an admin for them.`,
    );
  }
}

function listed({ input: _input, output: _output, ...job }: Job): ListedJob {
  return job;
}

/** @throws HarnessError `input-malformed`. */
function readListing(context: Context): { readonly limit: number; readonly states?: readonly JobState[] } {
  const limit = Math.min(wholeNumber(context, "limit") ?? LISTED, MOST_LISTED);
  const named = context.req.queries("state");
  if (named === undefined) return { limit };
  const states = named.map((name) => {
    const state = JOB_STATES.find((known) => known === name);
    if (state !== undefined) return state;
    throw new HarnessError(
      "input-malformed",
      `"${name}" is no state of a job; use ${JOB_STATES.join(", ")}.`,
    );
  });
  return { limit, states };
}

/** @throws HarnessError `input-malformed`. */
function wholeNumber(context: Context, name: string): number | undefined {
  const text = context.req.query(name);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new HarnessError("input-malformed", `${name} takes a whole number, not "${text.slice(0, 20)}".`);
}
