/** Watches one member of a rollout: folds what arrives into its guards, its shadow and its arms. */
import {
  type CostOf,
  challengersOf,
  RolloutGuards,
  type RolloutSight,
  rolloutHistory,
  type ShadowReading,
} from "@colophon/delivery";
import type {
  Arrivals,
  EpochMs,
  Execution,
  RegistryState,
  Revision,
  RolloutEntry,
  RolloutPlan,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { ArmObservations } from "./arm-observations.ts";
import { ArrivalReader } from "./arrival-reader.ts";
import { ShadowSpending } from "./shadow-spending.ts";

export interface RolloutWatchParts {
  readonly plan: RolloutPlan;
  /** How many prompts move together. */
  readonly members: number;
  readonly costOf: CostOf;
}

/** What the pairs of a shadow say so far; evaluation fills it. */
export interface ShadowPairs {
  fold(arrivals: Pick<Arrivals, "executions" | "outcomes">): void;
  reading(): Pick<ShadowReading, "pairs" | "difference" | "reasons">;
  /** Records their evidence, once they have decided. */
  settle(): Promise<void>;
}

/** Makes what counts the pairs of a rollout, out of its first record; null where its plan shadows nothing. */
export type ShadowPairsOf = (
  first: RolloutEntry,
  parts: { readonly state: RegistryState; readonly plan: RolloutPlan; readonly costOf: CostOf },
) => ShadowPairs | null;

/**
 * Nothing here is kept beside the records: made anew from a rollout's records and the rows since it began,
 * it stands where the one before it stood.
 */
export class RolloutWatch {
  readonly observations: ArmObservations;
  readonly #harness: Harness;
  readonly #id: string;
  readonly #key: string;
  readonly #guards: RolloutGuards;
  readonly #reader: ArrivalReader;
  readonly #challengers: ReadonlySet<number>;
  readonly #environment: string;
  readonly #began: EpochMs;
  readonly #spending: ShadowSpending | null;
  readonly #pairs: ShadowPairs | null;
  #known: Revision;
  #readUntil: EpochMs = 0;

  private constructor(
    harness: Harness,
    history: readonly RolloutEntry[],
    parts: RolloutWatchParts & { readonly pairs: ShadowPairs | null; readonly known: Revision },
  ) {
    const { plan, costOf, known } = parts;
    const [first] = history as readonly [RolloutEntry];
    this.#harness = harness;
    this.#id = first.id;
    this.#key = first.key;
    this.#environment = first.environment;
    this.#began = first.at;
    this.#challengers = new Set(challengersOf(first));
    this.#guards = new RolloutGuards({ plan, history, members: parts.members, costOf });
    // Records of other prompts move the log on too: rows of those revisions were drawn by this history.
    this.#guards.follow([], known);
    this.#reader = new ArrivalReader(harness, { prompts: [first.key], since: first.at });
    this.#spending = plan.shadow === null ? null : new ShadowSpending(plan.shadow, costOf);
    this.#pairs = parts.pairs;
    this.#known = known;
    const { policy } = plan;
    const metrics = new Set(
      policy.kind === "fixed"
        ? []
        : [...policy.objectives, ...plan.guards.filter(({ kind }) => kind === "limit")].map(
            ({ metric }) => metric,
          ),
    );
    this.observations = new ArmObservations({
      metrics: [...metrics],
      versions: policy.kind === "fixed" ? [] : [first.baseline, ...this.#challengers],
      salt: first.salt,
      costOf,
    });
  }

  static async open(
    harness: Harness,
    entry: RolloutEntry,
    parts: RolloutWatchParts & { readonly pairsOf?: ShadowPairsOf | undefined },
  ): Promise<RolloutWatch> {
    const known = await harness.records.revision();
    const records = await harness.records.listRecords({ key: entry.key, kinds: ["rollout"] });
    const upTo = records.filter(({ revision }) => revision <= known);
    const history = rolloutHistory(upTo, entry.id);
    const { plan, costOf, pairsOf } = parts;
    const [first = entry] = history;
    const state = await harness.records.state();
    const pairs = pairsOf?.(first, { state, plan, costOf }) ?? null;
    return new RolloutWatch(harness, history, { ...parts, pairs, known });
  }

  /** Reads the rollout's new records, then what arrived; a bounded stretch of it. */
  async look(): Promise<void> {
    const { records } = this.#harness;
    const revision = await records.revision();
    if (revision > this.#known) {
      const news = await records.listRecords({ key: this.#key, kinds: ["rollout"], after: this.#known });
      const upTo = news.filter((record) => record.revision <= revision);
      this.#guards.follow(rolloutHistory(upTo, this.#id), revision);
      this.#known = revision;
    }
    this.#readUntil = await this.#reader.read((arrivals) => this.#fold(arrivals));
  }

  /** Reads all that there is, for an answer at once. */
  async lookAll(): Promise<void> {
    do await this.look();
    while (!this.#reader.isDone);
  }

  /** Has the evidence of its shadow recorded, where its pairs have decided. */
  async settle(): Promise<void> {
    await this.#pairs?.settle();
  }

  /** Where everything stood at the last look; `members` are all that move together. */
  sight(processes: number, members: readonly RolloutWatch[]): RolloutSight {
    const others = members.flatMap((one) => (one === this ? [] : (one.#spending ?? [])));
    return this.#guards.sight({ readUntil: this.#readUntil, shadow: this.#shadow(processes, others) });
  }

  #fold(arrivals: Arrivals): void {
    this.#guards.fold(arrivals);
    this.observations.fold(arrivals);
    this.#pairs?.fold(arrivals);
    for (const row of arrivals.executions) if (this.#isShadow(row)) this.#spending?.add(row);
  }

  #isShadow({ purpose, version, environment, at }: Execution): boolean {
    return (
      purpose === "shadow" &&
      environment === this.#environment &&
      version !== null &&
      this.#challengers.has(version) &&
      at >= this.#began
    );
  }

  #shadow(processes: number, others: readonly ShadowSpending[]): ShadowReading | null {
    if (this.#spending === null) return null;
    const { pairs = 0, difference = null, reasons = [] } = this.#pairs?.reading() ?? {};
    return {
      pairs,
      difference,
      reasons,
      ...this.#spending.reading({ processes, others }),
    };
  }
}
