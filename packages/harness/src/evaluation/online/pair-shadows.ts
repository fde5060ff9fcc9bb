/** Pairs shadowed calls with the live calls that they repeat, as rows and outcomes arrive. */
import { type CostOf, challengersOf, metricKind, outcomeValue, rowValue } from "@colophon/delivery";
import {
  decideShadowEvidence,
  type ShadowedCall,
  type ShadowQuestion,
  type ShadowSideFacts,
  ShadowTally,
  type ShadowVerdict,
} from "@colophon/evaluation";
import {
  type Arrivals,
  type ArrivedOutcome,
  type CustomMetric,
  type Execution,
  type ExecutionId,
  type RolloutEntry,
  STANDARD_METRICS,
} from "@colophon/kernel";

/** A call with what was said of it by each source and name, in the order in which it was said. */
interface RatedCall {
  readonly row: Execution;
  readonly ratings: Map<string, number>;
}

interface OpenPair {
  readonly live: RatedCall;
  readonly shadow: RatedCall;
}

/** Live calls that are kept in case their repeat comes; late ones of a longer past find no pair. */
const MOST_WAITING = 50_000;

const OF_ROW = "row";

/**
 * A pair is compared by what both rows say of the metric; where rows do not say it, by the first rule, judge or
 * system that rated both. A user's word is none, since no user sees a repeat. The order in which pairs are
 * completed is that of the ledger's arrivals, so whoever reads them again comes to the same.
 */
export class ShadowPairing {
  readonly #rollout: RolloutEntry;
  readonly #metric: string;
  readonly #costOf: CostOf;
  readonly #tally: ShadowTally;
  readonly #challenger: number | undefined;
  readonly #live = new Map<ExecutionId, RatedCall>();
  /** Repeats whose live row has not come yet, by its id. */
  readonly #early = new Map<ExecutionId, RatedCall>();
  /** Pairs that are not completed, by the id of either side. */
  readonly #open = new Map<ExecutionId, OpenPair>();
  readonly #judges = new Set<string>();

  constructor(rollout: RolloutEntry, question: ShadowQuestion, costOf: CostOf) {
    this.#rollout = rollout;
    this.#metric = question.metric;
    this.#costOf = costOf;
    this.#tally = new ShadowTally(question);
    this.#challenger = challengersOf(rollout)[0];
  }

  fold({ executions, outcomes }: Pick<Arrivals, "executions" | "outcomes">): void {
    for (const row of executions) {
      if (this.#isShadow(row)) this.#addShadow(row);
      else if (this.#isLive(row)) this.#addLive(row);
    }
    for (const arrived of outcomes) this.#addOutcome(arrived);
  }

  verdict(): ShadowVerdict {
    return decideShadowEvidence(this.#tally);
  }

  reading(): Pick<ShadowVerdict, "pairs" | "difference" | "reasons"> {
    const { pairs, difference, reasons } = this.verdict();
    return { pairs, difference, reasons };
  }

  /** Judges by whom pairs were compared, as their outcomes name them. */
  get judges(): readonly string[] {
    return [...this.#judges].sort();
  }

  #isShadow({ purpose, version, environment, at, parent }: Execution): boolean {
    const { environment: own, at: began } = this.#rollout;
    return (
      purpose === "shadow" &&
      parent !== null &&
      environment === own &&
      version !== null &&
      version === this.#challenger &&
      at >= began
    );
  }

  #isLive({ purpose, version, environment }: Execution): boolean {
    const { environment: own, baseline } = this.#rollout;
    return purpose === "serve" && environment === own && version === baseline;
  }

  #addLive(row: Execution): void {
    const live = { row, ratings: this.#ratingsOf(row) };
    const shadow = this.#early.get(row.id);
    if (shadow !== undefined) {
      this.#early.delete(row.id);
      this.#pair({ live, shadow });
      return;
    }
    this.#live.set(row.id, live);
    const [oldest] = this.#live.keys();
    if (this.#live.size > MOST_WAITING && oldest !== undefined) this.#live.delete(oldest);
  }

  #addShadow(row: Execution): void {
    const parent = row.parent as ExecutionId;
    const shadow = { row, ratings: this.#ratingsOf(row) };
    const live = this.#live.get(parent);
    if (live === undefined) {
      // Of several rows of one repeat the first stands for it.
      if (!this.#early.has(parent)) this.#early.set(parent, shadow);
      return;
    }
    this.#live.delete(parent);
    this.#pair({ live, shadow });
  }

  #pair(pair: OpenPair): void {
    const { live, shadow } = pair;
    this.#tally.addCall(this.#callOf(live.row, shadow.row));
    this.#open.set(live.row.id, pair);
    if (shadow.row.status === "ok") this.#open.set(shadow.row.id, pair);
    else this.#tally.addFailed();
    this.#complete(pair);
  }

  #addOutcome(arrived: ArrivedOutcome): void {
    const { outcome, execution } = arrived;
    const value = this.#valueOf(arrived);
    if (value === null || outcome.source === "user") return;
    const pair = this.#open.get(execution.id);
    const call =
      pair === undefined
        ? (this.#live.get(execution.id) ?? this.#early.get(execution.parent ?? execution.id))
        : pair.live.row.id === execution.id
          ? pair.live
          : pair.shadow;
    if (call === undefined || call.row.id !== execution.id) return;
    const rater = `${outcome.source} ${outcome.by ?? ""}`;
    if (!call.ratings.has(rater)) call.ratings.set(rater, value);
    if (pair !== undefined) this.#complete(pair);
  }

  #complete(pair: OpenPair): void {
    const { live, shadow } = pair;
    const unit = unitOf(live.row);
    const [first] = live.ratings.values();
    if (shadow.row.status !== "ok") {
      if (first === undefined) return;
      this.#tally.addLost({ unit, live: first });
    } else {
      const rater = [...live.ratings.keys()].find((one) => shadow.ratings.has(one));
      const [ours, theirs] = [shadow.ratings.get(rater ?? ""), live.ratings.get(rater ?? "")];
      if (rater === undefined || ours === undefined || theirs === undefined) return;
      this.#tally.addScores({ unit, live: theirs, challenger: ours });
      if (rater.startsWith(JUDGE)) this.#judges.add(rater.slice(JUDGE.length));
    }
    this.#open.delete(live.row.id);
    this.#open.delete(shadow.row.id);
  }

  #ratingsOf(row: Execution): Map<string, number> {
    const value =
      metricKind(this.#metric)?.kind === "event" ? rowValue(this.#metric, row, this.#costOf) : null;
    return new Map(value === null ? [] : [[OF_ROW, upward(this.#metric, value)]]);
  }

  #valueOf(arrived: ArrivedOutcome): number | null {
    const custom: CustomMetric = {
      kind: typeof arrived.outcome.value === "boolean" ? "event" : "score",
      worse: "lower",
    };
    if (metricKind(this.#metric)?.kind === "amount") return null;
    const value = outcomeValue(this.#metric, arrived, custom);
    return value === null ? null : upward(this.#metric, value);
  }

  #callOf(live: Execution, shadow: Execution): ShadowedCall {
    const [ours, theirs] = [this.#costOf(shadow), this.#costOf(live)];
    const priced = ours !== null && theirs !== null && ours.currency === theirs.currency;
    return {
      unit: unitOf(live),
      live: factsOf(live, priced ? theirs.amount : null),
      challenger: factsOf(shadow, priced ? ours.amount : null),
    };
  }
}

const JUDGE = "judge ";

/** The higher the better. */
function upward(metric: string, value: number): number {
  const isWorse =
    Object.hasOwn(STANDARD_METRICS, metric) &&
    STANDARD_METRICS[metric as keyof typeof STANDARD_METRICS].worse === "higher";
  return isWorse ? 1 - value : value;
}

/** Whose calls resemble each other: a user's, else a session's, else a document's. */
function unitOf({ subjects }: Execution): string | null {
  return subjects.user ?? subjects.session ?? subjects.document;
}

function factsOf(row: Execution, cost: number | null): ShadowSideFacts {
  const { status, schemaOk, latency, outputLength } = row;
  // What failed or was cut off says nothing of how long an answer takes, or how long it is.
  if (status !== "ok") return { contractKept: null, cost: null, latency: null, length: null };
  return { contractKept: schemaOk, cost, latency, length: outputLength };
}
