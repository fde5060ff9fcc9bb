/** Looks after one project, as `colophon watch` does on a store at hand. */
import { setTimeout as wait } from "node:timers/promises";
import {
  checkerOf,
  drillJob,
  type Harness,
  type OnlineParts,
  scoringJob,
  shadowPairs,
  type WatchTick,
  watchDelivery,
} from "@colophon/harness";
import type { RandomSource } from "@colophon/kernel";
import type { Logger } from "pino";
import { openJobModels } from "../jobs/job-models.ts";
import type { ServerParts } from "../server-parts.ts";
import { projectWebhooks } from "./project-webhooks.ts";

export interface ProjectWatchOptions {
  readonly project: string;
  readonly random: RandomSource;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Ends it after the look that is going on. */
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
}

/** Brings drills that were cut off to their end, and scores calls by rules; judges cost money and are asked by jobs. */
export async function watchProject(parts: ServerParts, options: ProjectWatchOptions): Promise<void> {
  const { project, random, interval, signal, fetch } = options;
  const harness = await parts.desk.project(project);
  const pause = (ms: number): Promise<void> => wait(ms, undefined, { ref: false });
  const scoring = await scoringParts(parts, options);
  const log = new WatchLog(parts.log);
  await watchDelivery(harness, {
    random,
    fetch,
    webhooks: await projectWebhooks(parts, project),
    jobs: [
      drillJob(harness, { environment: null }, { pause, signal }),
      scoringJob(harness, { parts: scoring }),
    ],
    pairsOf: shadowPairs(harness as Harness),
    interval,
    signal,
    pause,
    onTick: (tick) => log.tell(tick),
  });
}

async function scoringParts(
  { desk, clock, log }: ServerParts,
  { project, signal, fetch }: ProjectWatchOptions,
): Promise<OnlineParts> {
  const onNotice = (message: string): void => log.info({ notice: message }, "scoring");
  const { secrets } = desk.installation;
  const { caller, endpointOf } = await openJobModels(project, { secrets, clock, fetch, onNotice });
  return { caller, endpointOf, checkerOf, folder: null, signal, onNotice };
}

/** Says what happened, and each problem once as long as it lasts. */
class WatchLog {
  readonly #log: Logger;
  #problems: ReadonlySet<string> = new Set();

  constructor(log: Logger) {
    this.#log = log;
  }

  tell({ alerts, jobs, problems }: WatchTick): void {
    for (const { id, key, environment, action, message } of alerts) {
      this.#log.warn({ alert: id, key, environment, action }, message);
    }
    for (const said of jobs) this.#log.info(said);
    for (const problem of problems) if (!this.#problems.has(problem)) this.#log.warn(problem);
    this.#problems = new Set(problems);
  }
}
