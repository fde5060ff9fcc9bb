/** Jobs by leases: whoever takes one does it, and another takes over where that one dies. */
import {
  type Actor,
  HarnessError,
  type Job,
  type JobEvent,
  type JobFilter,
  type JobState,
  type Jobs,
} from "@colophon/kernel";
import { sql } from "kysely";
import type { Database } from "../database/database.ts";
import type { JobTable } from "../database/tables.ts";
import { ask, askFirst, type Work } from "../database/work.ts";
import type { PortParts } from "./port-parts.ts";

const LISTED = 100;
/** Jobs of one project that wait or run: so many are done one after another for a long time. */
const MOST_OPEN = 200;
const OPEN: readonly JobState[] = ["queued", "running"];
/** What lists show: what came out of a job may be large. */
const LISTED_COLUMNS = [
  ...["id", "project", "operation", "input", "actor", "via", "owner", "state"],
  ...["created_at", "started_at", "ended_at", "tries", "cancel_asked", "error", "holder", "until"],
] as const satisfies readonly (keyof JobTable)[];
const FREE = { holder: null, until: null };
/** Whoever gives a job back has not died over it. */
const ONE_LESS = sql<number>`tries - 1`;

export function createJobs({ database, clock, ids }: PortParts): Jobs {
  const { builder } = database;
  const update = () => builder.updateTable("job").returning("id");
  const held = (id: string, holder: string) =>
    update().where("id", "=", id).where("holder", "=", holder).where("state", "=", "running");
  const didWrite = async (query: ReturnType<typeof update>): Promise<boolean> =>
    (await database.write(() => ask(query))).length > 0;

  return {
    async enqueue(job) {
      const row = newJob(job, { id: ids.next(), now: clock.now() });
      await database.write(function* (): Work<void> {
        const open = yield* countJobs(database, { project: job.project, states: OPEN });
        if (open >= MOST_OPEN) throw tooMany(job.project, open);
        yield builder.insertInto("job").values(row).compile();
      });
      return jobOf(row);
    },
    async find(id) {
      const row = await database.read(() =>
        askFirst(builder.selectFrom("job").selectAll().where("id", "=", id)),
      );
      return row && jobOf(row);
    },
    async list({ project, states, limit = LISTED }) {
      let rows = builder
        .selectFrom("job")
        .select(LISTED_COLUMNS)
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit);
      if (project !== undefined) rows = rows.where("project", "=", project);
      if (states !== undefined) rows = rows.where("state", "in", states);
      return (await database.read(() => ask(rows))).map((row) => jobOf({ ...row, output: null }));
    },
    forget: (endedBefore) => database.write(() => forgetJobs(database, endedBefore)),
    count: (filter) => database.read(() => countJobs(database, filter)),
    take: (holder, leaseMs) => database.write(() => takeJob(database, { holder, leaseMs, now: clock.now() })),
    async renew(id, holder, leaseMs) {
      const renewed = held(id, holder)
        .set({ until: clock.now() + leaseMs })
        .returning("cancel_asked");
      const row = await database.write(() => askFirst(renewed));
      return { held: row !== undefined, cancelAsked: row?.cancel_asked === 1 };
    },
    finish: (id, holder, end) =>
      didWrite(
        held(id, holder).set({
          ...FREE,
          state: end.state,
          ended_at: clock.now(),
          output: end.state === "done" ? JSON.stringify(end.output ?? null) : null,
          error: end.state === "failed" ? JSON.stringify(end.error) : null,
        }),
      ),
    giveBack: (id, holder) => didWrite(held(id, holder).set({ ...FREE, state: "queued", tries: ONE_LESS })),
    cancel: (id) => database.write(() => cancelJob(database, id, clock.now())),
    say: (id, holder, event) =>
      database.write(() => sayOfJob(database, { id, holder }, { ...event, at: clock.now() })),
    listEvents: (id, after) => listEvents(database, id, after),
  };
}

async function listEvents(
  database: PortParts["database"],
  id: string,
  after: number,
): Promise<readonly JobEvent[]> {
  const rows = database.builder
    .selectFrom("job_event")
    .select(["n", "at", "kind", "data"])
    .where("job", "=", id)
    .where("n", ">", after)
    .orderBy("n");
  return (await database.read(() => ask(rows))).map(({ n, at, kind, data }) => ({
    ...{ n, at, kind: kind as JobEvent["kind"] },
    data: JSON.parse(data) as unknown,
  }));
}

function newJob(
  { project, operation, input, by }: Pick<Job, "project" | "operation" | "input" | "by">,
  { id, now }: { readonly id: string; readonly now: number },
): JobTable {
  return {
    ...{
      id,
      project,
      operation,
      input: JSON.stringify(input ?? null),
      actor: by.id,
      via: by.via,
      owner: by.owner ?? null,
    },
    ...{ state: "queued", created_at: now, started_at: null, ended_at: null },
    ...{ tries: 0, cancel_asked: 0, output: null, error: null, ...FREE },
  };
}

/** A bounded number at once, so that nobody waits long for the transaction. */
const FORGOTTEN_AT_ONCE = 500;

function* forgetJobs({ builder }: Database, endedBefore: number): Work<number> {
  const old = builder
    .selectFrom("job")
    .select("id")
    .where("ended_at", "<", endedBefore)
    .orderBy("ended_at")
    .limit(FORGOTTEN_AT_ONCE);
  const ids = (yield* ask(old)).map(({ id }) => id);
  if (ids.length === 0) return 0;
  yield builder.deleteFrom("job_event").where("job", "in", ids).compile();
  yield builder.deleteFrom("job").where("id", "in", ids).compile();
  return ids.length;
}

function* countJobs({ builder }: Database, { project, states }: Omit<JobFilter, "limit">): Work<number> {
  let rows = builder.selectFrom("job").select(({ fn }) => fn.countAll<number>().as("jobs"));
  if (project !== undefined) rows = rows.where("project", "=", project);
  if (states !== undefined) rows = rows.where("state", "in", states);
  return (yield* askFirst(rows))?.jobs ?? 0;
}

function tooMany(project: string, open: number): HarnessError {
  return new HarnessError(
    "too-many-requests",
    `${open} jobs of the project ${project} wait or run, and no more are taken; wait until some are done, or cancel some.`,
    { details: { retryAfter: 60 } },
  );
}

interface Taking {
  readonly holder: string;
  readonly leaseMs: number;
  readonly now: number;
}

function* takeJob(database: Database, { holder, leaseMs, now }: Taking): Work<Job | undefined> {
  const { builder } = database;
  for (;;) {
    const open = builder
      .selectFrom("job")
      .selectAll()
      .where((row) =>
        row.or([
          row("state", "=", "queued"),
          row.and([row("state", "=", "running"), row("until", "<=", now)]),
        ]),
      )
      .orderBy("created_at")
      .orderBy("id")
      .limit(1);
    // Whoever finds a job that another one is just taking goes on to the next.
    const row = yield* askFirst(database.dialect === "postgres" ? open.forUpdate().skipLocked() : open);
    if (row === undefined) return undefined;
    const change = builder.updateTable("job").where("id", "=", row.id).returningAll();
    if (row.cancel_asked === 1) {
      // Its holder died before it heard that it shall end.
      yield change.set(cancelled(now)).compile();
      continue;
    }
    const taken = yield* askFirst(
      change.set({
        ...{ state: "running", holder, until: now + leaseMs, tries: row.tries + 1 },
        started_at: row.started_at ?? now,
      }),
    );
    return taken && jobOf(taken);
  }
}

function* cancelJob(database: Database, id: string, now: number): Work<boolean> {
  const row = yield* askFirst(jobForUpdate(database, id));
  if (row?.state !== "queued" && row?.state !== "running") return false;
  const change = row.state === "queued" ? cancelled(now) : { cancel_asked: 1 };
  yield database.builder.updateTable("job").set(change).where("id", "=", id).compile();
  return true;
}

function* sayOfJob(
  database: Database,
  { id, holder }: { readonly id: string; readonly holder: string },
  { at, kind, data }: Omit<JobEvent, "n">,
): Work<void> {
  const { builder } = database;
  const row = yield* askFirst(jobForUpdate(database, id));
  if (row?.state !== "running" || row.holder !== holder) return;
  const last = yield* askFirst(
    builder.selectFrom("job_event").select("n").where("job", "=", id).orderBy("n", "desc").limit(1),
  );
  const event = { job: id, n: (last?.n ?? 0) + 1, at, kind, data: JSON.stringify(data ?? null) };
  yield builder.insertInto("job_event").values(event).compile();
}

/** The row of a job, held until the transaction ends. */
function jobForUpdate({ builder, dialect }: Database, id: string) {
  const row = builder.selectFrom("job").select(["state", "holder"]).where("id", "=", id);
  return dialect === "postgres" ? row.forUpdate() : row;
}

function cancelled(now: number) {
  return { state: "cancelled", cancel_asked: 1, ended_at: now, ...FREE };
}

function jobOf(row: JobTable): Job {
  return {
    id: row.id,
    project: row.project,
    operation: row.operation,
    input: JSON.parse(row.input) as unknown,
    by: {
      ...{ id: row.actor, via: row.via as Actor["via"] },
      ...(row.owner === null ? {} : { owner: row.owner }),
    },
    state: row.state as JobState,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    tries: row.tries,
    cancelAsked: row.cancel_asked === 1,
    ...(row.output === null ? {} : { output: JSON.parse(row.output) as unknown }),
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as NonNullable<Job["error"]> }),
  };
}
