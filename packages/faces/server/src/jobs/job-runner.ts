/** Does jobs by leases: one server does each, and another takes over where it dies. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { checkerOf, type Harness, type JobOperation, type JobParts } from "@colophon/harness";
import { errorCodeOf, HarnessError, type Job } from "@colophon/kernel";
import { type GuardedFetch, guardedFetch } from "../outgoing/guarded-fetch.ts";
import type { ServerParts } from "../server-parts.ts";
import { JobLease } from "./job-lease.ts";
import { openJobModels } from "./job-models.ts";
import { jobOperation } from "./job-operation.ts";
import { JobReporter } from "./job-reporter.ts";

export interface JobRunnerOptions {
  /** Hosts inside the operator's network that models may be asked at. */
  readonly allow?: readonly string[];
  /** Jobs at once; 2 unless given. */
  readonly atOnce?: number;
  /** Milliseconds after which another server takes a job over; 30 s unless given. */
  readonly leaseMs?: number;
  /** Milliseconds between two renewals, which also tell that a job shall be cancelled; 2 s unless given. */
  readonly renewMs?: number;
  /** Milliseconds between two looks for a job; half a second unless given. */
  readonly lookMs?: number;
  /** Milliseconds that jobs have to come to a stop at shutdown; 8 s unless given. */
  readonly graceMs?: number;
  /** Told how many jobs are done here, whenever that changes. */
  readonly onRunning?: (jobs: number) => void;
}

/** A job that ended servers so often ends no further one. */
const MOST_TRIES = 3;
const PROGRESS_MS = 1_000;
/** What a run does once its calls are cut. */
const CUT_MS = 1_000;

interface Doing {
  readonly job: Job;
  /** New at every taking: a job that this very server takes anew, its lease being over, is another taking. */
  readonly holder: string;
  readonly lease: JobLease;
  readonly done: Promise<void>;
}

type End = Parameters<ServerParts["desk"]["installation"]["jobs"]["finish"]>[2];

export class JobRunner {
  readonly #parts: ServerParts;
  readonly #options: Required<JobRunnerOptions>;
  readonly #outgoing: GuardedFetch;
  readonly #doing = new Set<Doing>();
  #wake: () => void = () => undefined;

  /** @throws HarnessError `usage` for an allowed host that is none. */
  constructor(parts: ServerParts, options: JobRunnerOptions = {}) {
    this.#parts = parts;
    this.#options = {
      ...{ allow: [], atOnce: 2, leaseMs: 30_000, renewMs: 2_000, lookMs: 500, graceMs: 8_000 },
      onRunning: () => undefined,
      ...options,
    };
    this.#outgoing = guardedFetch({ allow: this.#options.allow });
  }

  /** Takes jobs until the server stops; gives back what is not done by then. Never throws. */
  async run(): Promise<void> {
    const { stopping, log } = this.#parts;
    const end = (): void => {
      for (const { lease } of this.#doing) lease.stop("stopping");
      this.#wake();
    };
    stopping.addEventListener("abort", end, { once: true });
    let isSaid = false;
    while (!stopping.aborted) {
      try {
        const mayBeMore = await this.#takeOne();
        isSaid = false;
        if (mayBeMore) continue;
      } catch (error) {
        // Once for as long as it lasts: it is tried twice a second.
        if (!isSaid) log.warn({ err: error }, "jobs cannot be taken");
        isSaid = true;
      }
      await this.#rest();
    }
    end();
    await this.#shutDown();
  }

  /** True when there may be another one to take at once. */
  async #takeOne(): Promise<boolean> {
    const { atOnce, leaseMs, renewMs } = this.#options;
    if (this.#doing.size >= atOnce) return false;
    const { desk, clock, stopping } = this.#parts;
    const { jobs } = desk.installation;
    const holder = randomUUID();
    const job = await jobs.take(holder, leaseMs);
    if (job === undefined) return false;
    const elapsed = (): number => clock.elapsed();
    const lease = new JobLease(job, { jobs, holder, leaseMs, renewMs, elapsed });
    // What was taken while the server began to stop is given back like the others.
    if (stopping.aborted) lease.stop("stopping");
    const done = Promise.withResolvers<void>();
    const doing: Doing = { job, holder, lease, done: done.promise };
    const before = [...this.#doing].filter((other) => other.job.id === job.id);
    this.#doing.add(doing);
    this.#options.onRunning(this.#doing.size);
    void this.#do(doing, before).finally(() => {
      lease.close();
      this.#doing.delete(doing);
      this.#options.onRunning(this.#doing.size);
      done.resolve();
      this.#wake();
    });
    return true;
  }

  /** Until there may be something to do: time is over, a job is done, or the server stops. */
  async #rest(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#options.lookMs);
    this.#wake = resolve;
    if (this.#parts.stopping.aborted) resolve();
    await promise;
    clearTimeout(timer);
  }

  /** @param before what this server still does of the same job, under a lease that it did not renew in time. */
  async #do(doing: Doing, before: readonly Doing[]): Promise<void> {
    const { job, lease } = doing;
    const log = this.#parts.log.child({ job: job.id, operation: job.operation, project: job.project });
    for (const other of before) other.lease.stop("lost");
    await Promise.all(before.map(({ done }) => done));
    log.info({ tries: job.tries }, "a job begins");
    const end = await this.#work(doing);
    const said = lease.stopped ?? end.state;
    try {
      await this.#conclude(doing, end);
      log.info({ end: said }, "a job ends");
    } catch (error) {
      // Its lease runs out, and whoever takes it finds what was recorded.
      log.error({ err: error, end: said }, "the end of a job cannot be written down");
    }
  }

  async #conclude({ job: { id }, holder, lease: { stopped } }: Doing, end: End): Promise<void> {
    const { jobs } = this.#parts.desk.installation;
    if (stopped === "lost") return;
    if (stopped === "stopping") await jobs.giveBack(id, holder);
    else await jobs.finish(id, holder, stopped === "cancelled" ? { state: "cancelled" } : end);
  }

  async #work({ job, holder, lease }: Doing): Promise<End> {
    const { desk, clock, log } = this.#parts;
    const reporter = new JobReporter({
      say: (event) => desk.installation.jobs.say(job.id, holder, event),
      elapsed: () => clock.elapsed(),
      onFailure: (error) => log.warn({ err: error, job: job.id }, "what a job says cannot be written down"),
      every: PROGRESS_MS,
    });
    try {
      refuseTired(job);
      const operation = operationOf(job);
      const input = inputOf(operation, job);
      const harness: Harness = { ...(await desk.project(job.project)), actor: job.by };
      const output = await operation.run(
        harness,
        input as never,
        (await this.#partsOf(job, { reporter, signal: lease.signal })) as never,
      );
      return { state: "done", output };
    } catch (error) {
      return { state: "failed", error: this.#said(error, job) };
    } finally {
      await reporter.settled();
    }
  }

  async #partsOf(
    { project }: Job,
    { reporter, signal }: { readonly reporter: JobReporter; readonly signal: AbortSignal },
  ): Promise<JobParts> {
    const { desk, clock } = this.#parts;
    const { secrets } = desk.installation;
    const onNotice = (message: string): void => reporter.notice(message);
    const models = await openJobModels(project, { secrets, clock, fetch: this.#outgoing.fetch, onNotice });
    return {
      caller: models.caller,
      endpointOf: (model) => models.endpointOf(model),
      embedderOf: (model) => models.embedder(model),
      checkerOf,
      folder: null,
      signal,
      onNotice,
      onEstimate: (estimate) => reporter.estimate(estimate),
      onProgress: (progress) => reporter.progress(progress),
      pause: (ms) => wait(ms),
    };
  }

  /** What happened inside is told to nobody but the log. */
  #said(error: unknown, job: Job): { readonly code: string; readonly message: string } {
    const code = errorCodeOf(error);
    if (code !== undefined) return { code, message: (error as HarnessError).message };
    this.#parts.log.error({ err: error, job: job.id }, "a job failed");
    return { code: "bug", message: `The server failed over the job ${job.id}; its log says why.` };
  }

  /** Calls under way have their time to come to an end, and are cut then. */
  async #shutDown(): Promise<void> {
    await this.#settled(this.#options.graceMs);
    await this.#outgoing.close();
    await this.#settled(CUT_MS);
    const { jobs } = this.#parts.desk.installation;
    for (const { job, holder, lease } of this.#doing) {
      lease.close();
      await jobs.giveBack(job.id, holder).catch((error: unknown) => {
        this.#parts.log.error({ err: error, job: job.id }, "a job cannot be given back");
      });
    }
  }

  /** Until all jobs have ended here, or time is over. */
  async #settled(ms: number): Promise<void> {
    const isOver = new AbortController();
    const time = wait(ms, undefined, { signal: isOver.signal }).catch(() => undefined);
    await Promise.race([Promise.all([...this.#doing].map(({ done }) => done)), time]);
    isOver.abort();
  }
}

/** @throws HarnessError `usage`. */
function refuseTired({ id, tries }: Job): void {
  if (tries <= MOST_TRIES) return;
  throw new HarnessError(
    "usage",
    `The job ${id} was begun ${MOST_TRIES} times, and each time its server ended over it; ask for less at once, or look into the servers' logs.`,
  );
}

/** @throws HarnessError `usage` for what a newer server put down. */
function operationOf({ operation: name }: Job): JobOperation {
  const operation = jobOperation(name);
  if (operation !== undefined) return operation;
  throw new HarnessError("usage", `This server does not know the operation ${name}; bring it up to date.`);
}

/** @throws HarnessError `input-malformed`. */
function inputOf(operation: JobOperation, { input }: Job): unknown {
  const read = operation.input.safeParse(input);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new HarnessError(
    "input-malformed",
    `The input of ${operation.name} does not fit: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}.`,
  );
}
