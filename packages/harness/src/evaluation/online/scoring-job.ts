/** The job of a watcher that scores calls of production as they come, within a budget for each day. */
import { liveOf } from "@colophon/delivery";
import {
  judgesNamed,
  NO_BUDGET,
  onlineLack,
  type RunBudget,
  type ScorerSpec,
  scorerFiles,
} from "@colophon/evaluation";
import type { EpochMs, RegistryState } from "@colophon/kernel";
import type { WatchJob } from "../../delivery/watch/watch-jobs.ts";
import type { Harness } from "../../harness.ts";
import { findJudge } from "../judges/find-judge.ts";
import type { OnlineParts, OnlineReport, OnlineUse } from "./online-request.ts";
import { setScorers } from "./open-raters.ts";
import { scoreOnline } from "./score-online.ts";

export interface ScoringJobOptions {
  readonly parts: OnlineParts;
  /** Share of the served calls; 0.05 unless given. */
  readonly sample?: number;
  /** The most that judges may use in 24 hours since the job began; without it rules alone score. */
  readonly budget?: RunBudget;
  /** Milliseconds between two passes; half a minute unless given. */
  readonly every?: number;
}

const EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
/** Rows may come late, out of a spool; what was scored before is passed over. */
const OVERLAP_MS = 600_000;

/**
 * For each prompt that names an eval set and is live somewhere: by the set's scorers that expect nothing of an
 * answer. What a pass leaves for want of budget, the next goes on with.
 *
 * @example
 * import { DeliveryWatch } from "@colophon/harness";
 * import { systemRandom as random } from "@colophon/kernel";
 * const watch = new DeliveryWatch(harness, { random, jobs: [scoringJob(harness, { parts })] });
 */
export function scoringJob(harness: Harness, options: ScoringJobOptions): WatchJob {
  const { every = EVERY_MS, budget } = options;
  const purse = budget === undefined ? null : new DailyPurse(budget);
  const readUntil = new Map<string, EpochMs>();
  const told = new Set<string>();
  return {
    name: "Calls cannot be scored",
    every,
    async run(now) {
      const said: string[] = [];
      const once = (words: string): void => {
        if (told.has(words)) return;
        told.add(words);
        said.push(words);
      };
      for (const { key, environment } of livePlaces(await harness.records.state())) {
        const place = `${key} in ${environment}`;
        try {
          const isSpent = purse?.isSpent(now) === true;
          const mayRunFiles = options.parts.folder !== null;
          const usable = await usableScorers(harness, key, {
            mayJudge: purse !== null && !isSpent,
            mayRunFiles,
          });
          const { scorers } = usable;
          if (usable.files.length > 0) {
            once(`${place}: ${usable.files.join(" and ")} not run: a server runs nobody's code`);
          }
          if (scorers.length === 0) continue;
          const since = (readUntil.get(place) ?? now - DAY_MS) - OVERLAP_MS;
          const request = { key, environment, since, scorers, ...rest(options.sample, purse?.left(now)) };
          const report = await scoreOnline(harness, request, {
            ...options.parts,
            onUsed: (used) => purse?.spend(used),
          });
          // What judges could not be asked about waits for the next day's budget.
          if (report.end.kind === "complete" && !isSpent) readUntil.set(place, now);
          said.push(...wordsOf(report));
          if (report.insufficient !== null) once(`${place}: insufficient: ${report.insufficient.reason}`);
        } catch (error) {
          // What is wrong with one prompt's set keeps no other prompt from being scored.
          once(`${place} cannot be scored: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      return said.length === 0 ? null : said.join("; ");
    },
  };
}

function rest(sample: number | undefined, budget: RunBudget | undefined) {
  return { ...(sample !== undefined && { sample }), ...(budget !== undefined && { budget }) };
}

function* livePlaces(
  state: RegistryState,
): Generator<{ readonly key: string; readonly environment: string }> {
  for (const [key, { metadata }] of state.prompts) {
    if (metadata?.evalSet == null) continue;
    for (const environment of state.environments.keys()) {
      if (liveOf(state, key, environment) !== undefined) yield { key, environment };
    }
  }
}

interface UsableScorers {
  readonly scorers: readonly ScorerSpec[];
  /** Files of one's own that may not be run here. */
  readonly files: readonly string[];
}

async function usableScorers(
  harness: Harness,
  key: string,
  { mayJudge, mayRunFiles }: { readonly mayJudge: boolean; readonly mayRunFiles: boolean },
): Promise<UsableScorers> {
  const scorers: ScorerSpec[] = [];
  const files: string[] = [];
  for (const spec of await setScorers(harness, key)) {
    const named = judgesNamed(spec);
    if (named.length > 0 && !mayJudge) continue;
    const judges = await Promise.all(named.map((one) => findJudge(harness, one)));
    if (onlineLack(spec, judges) !== undefined) continue;
    const own = mayRunFiles ? [] : scorerFiles([spec]);
    files.push(...own);
    if (own.length === 0) scorers.push(spec);
  }
  return { scorers, files };
}

function wordsOf({ key, environment, raters }: OnlineReport): readonly string[] {
  const sum = (name: "scored" | "errors" | "left"): number => raters.reduce((all, one) => all + one[name], 0);
  const [scored, errors, left] = [sum("scored"), sum("errors"), sum("left")];
  if (scored + errors + left === 0) return [];
  const more = [
    ...(errors > 0 ? [`${errors} failed`] : []),
    ...(left > 0 ? [`${left} left for want of budget`] : []),
  ];
  return [`${key} in ${environment}: ${[`${scored} scores`, ...more].join(", ")}`];
}

/** What is left of a day's budget. A watcher that is started again has it anew. */
class DailyPurse {
  readonly #budget: RunBudget;
  #began: EpochMs | null = null;
  #money = 0;
  #tokens = 0;
  #milliseconds = 0;

  constructor(budget: RunBudget) {
    this.#budget = budget;
  }

  left(now: EpochMs): RunBudget {
    if (this.#began === null || now - this.#began >= DAY_MS) {
      this.#began = now;
      [this.#money, this.#tokens, this.#milliseconds] = [0, 0, 0];
    }
    const { money, tokens, milliseconds } = this.#budget;
    return {
      ...NO_BUDGET,
      milliseconds: milliseconds === null ? null : Math.max(0, milliseconds - this.#milliseconds),
      money: money === null ? null : { ...money, amount: Math.max(0, money.amount - this.#money) },
      tokens: tokens === null ? null : Math.max(0, tokens - this.#tokens),
    };
  }

  isSpent(now: EpochMs): boolean {
    const { money, tokens, milliseconds } = this.left(now);
    return money?.amount === 0 || tokens === 0 || milliseconds === 0;
  }

  spend({ money, tokens, milliseconds }: OnlineUse): void {
    this.#money += money;
    this.#tokens += tokens;
    this.#milliseconds += milliseconds;
  }
}
