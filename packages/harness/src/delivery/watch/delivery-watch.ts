/** The scheduler: looks at rollouts and standing guards, does what delivery decides, and brings alerts to people. */
import { type CostOf, priceExecution } from "@colophon/delivery";
import type { AlertData, EpochMs, PriceBook, RandomSource, Revision } from "@colophon/kernel";
import { openPrices, type PriceText } from "../../costs/house-prices.ts";
import type { Harness } from "../../harness.ts";
import { AlertCourier } from "../alerts/alert-courier.ts";
import type { Fetch } from "../alerts/send-alert.ts";
import type { Webhook } from "../alerts/webhook.ts";
import { type GuardLook, GuardsWatch } from "./guards-watch.ts";
import { type RolloutLook, RolloutsWatch } from "./rollouts-watch.ts";
import { type JobNews, type WatchJob, WatchJobs } from "./watch-jobs.ts";
import { WatchLease } from "./watch-lease.ts";
import type { WatchedRolloutParts } from "./watched-rollout.ts";

export interface DeliveryWatchOptions {
  readonly random: RandomSource;
  readonly webhooks?: readonly Webhook[];
  /** What alerts are sent with; the platform's unless given. */
  readonly fetch?: Fetch;
  readonly jobs?: readonly WatchJob[];
  readonly prices?: PriceText;
  readonly pairsOf?: WatchedRolloutParts["pairsOf"];
}

/** An alert as its record has it. */
export type RaisedAlert = AlertData & { readonly at: EpochMs };

/** What one look came to. */
export interface WatchTick {
  /** Another watcher acts, or the store could not be asked who does: nothing was looked at. */
  readonly standby: boolean;
  readonly rollouts: readonly RolloutLook[];
  readonly guards: readonly GuardLook[];
  /** Alerts that were recorded since the last look, by anybody. */
  readonly alerts: readonly RaisedAlert[];
  /** What jobs did, in words. */
  readonly jobs: readonly string[];
  /** What failed, each in one sentence. */
  readonly problems: readonly string[];
}

/** Prices are read anew from time to time, for tables that are set meanwhile. */
const PRICES_MS = 60_000;

type Tried = <T>(what: string, otherwise: T, task: () => Promise<T>) => Promise<T>;

export class DeliveryWatch {
  readonly #harness: Harness;
  readonly #lease: WatchLease;
  readonly #costOf: CostOf = (row) => (this.#book === undefined ? null : priceExecution(row, this.#book));
  readonly #pairsOf: DeliveryWatchOptions["pairsOf"];
  #rollouts: RolloutsWatch;
  #guards: GuardsWatch;
  readonly #jobs: WatchJobs;
  readonly #prices: PriceText | undefined;
  #book: PriceBook | undefined;
  #pricedAt: EpochMs = 0;
  /** Of the tables that calls were priced by so far; null before the first. */
  #tables: string | null = null;
  #seen: Revision | null = null;

  constructor(harness: Harness, options: DeliveryWatchOptions) {
    const { webhooks = [], random, jobs = [], pairsOf, prices, fetch } = options;
    const courier = new AlertCourier(harness, { webhooks, random, ...(fetch !== undefined && { fetch }) });
    // A receiver may take its time; the guards must not wait for it.
    const bring = async (): Promise<null> => {
      await courier.deliver();
      return null;
    };
    this.#harness = harness;
    this.#lease = new WatchLease(harness);
    this.#pairsOf = pairsOf;
    this.#rollouts = this.#rolloutsWatch();
    this.#guards = new GuardsWatch(harness, this.#costOf);
    this.#jobs = new WatchJobs([{ name: "Alerts cannot be sent", every: 0, run: bring }, ...jobs]);
    this.#prices = prices;
  }

  /** One look. Never throws: what fails is said in `problems`, and the next look tries again. */
  async tick(): Promise<WatchTick> {
    const problems: string[] = [];
    const tried: Tried = async (what, otherwise, task) => {
      try {
        return await task();
      } catch (error) {
        problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        return otherwise;
      }
    };
    const acts = await tried("Who watches cannot be told", false, () => this.#lease.take());
    const seen = acts ? await tried("The log cannot be read", null, () => this.#look(tried)) : null;
    if (seen === null) {
      // What others did meanwhile was theirs to tell.
      this.#seen = null;
      return { standby: true, rollouts: [], guards: [], alerts: [], jobs: [], problems };
    }
    this.#jobs.start(this.#harness.clock.now());
    const { done, problems: failed } = this.#jobs.news();
    for (const { key, environment, problem } of [...seen.rollouts, ...seen.guards]) {
      if (problem !== null) problems.push(`${key} in ${environment}: ${problem}`);
    }
    return { ...seen, standby: false, jobs: done, problems: [...problems, ...failed] };
  }

  /** Waits for the jobs that run, and tells what they came to. */
  async settled(): Promise<JobNews> {
    await this.#jobs.settled();
    return this.#jobs.news();
  }

  /** Lets another watcher begin at once. */
  async close(): Promise<void> {
    await this.#jobs.settled();
    await this.#lease.release();
  }

  async #look(tried: Tried): Promise<Pick<WatchTick, "rollouts" | "guards" | "alerts">> {
    const { records } = this.#harness;
    await tried("Prices cannot be read", undefined, () => this.#readPrices());
    const state = await records.state();
    this.#seen ??= state.revision;
    const rollouts = await tried("Rollouts cannot be looked at", [], () => this.#rollouts.look(state));
    const guards = await tried("Standing guards cannot be looked at", [], async () =>
      this.#guards.look(await records.state()),
    );
    const alerts = await tried("Alerts cannot be read", [], () => this.#newAlerts());
    return { rollouts, guards, alerts };
  }

  async #readPrices(): Promise<void> {
    const now = this.#harness.clock.now();
    if (this.#book !== undefined && now - this.#pricedAt < PRICES_MS) return;
    const { book, workingCopy, records } = await openPrices(this.#harness, this.#prices);
    const tables = [workingCopy?.hash ?? "", ...records.map(({ revision }) => revision)].join();
    this.#book = book;
    this.#pricedAt = now;
    if (tables === this.#tables) return;
    this.#tables = tables;
    // What was folded has other prices, or none: it is read again, as whoever starts now reads it.
    this.#rollouts = this.#rolloutsWatch();
    this.#guards = new GuardsWatch(this.#harness, this.#costOf);
  }

  #rolloutsWatch(): RolloutsWatch {
    const pairsOf = this.#pairsOf;
    return new RolloutsWatch(this.#harness, {
      costOf: this.#costOf,
      ...(pairsOf === undefined ? {} : { pairsOf }),
    });
  }

  async #newAlerts(): Promise<readonly RaisedAlert[]> {
    const after = this.#seen ?? 0;
    const news = await this.#harness.records.listRecords({ kinds: ["alert"], after });
    this.#seen = news.at(-1)?.revision ?? after;
    return news.flatMap((record) => (record.kind === "alert" ? [{ ...record.data, at: record.at }] : []));
  }
}
