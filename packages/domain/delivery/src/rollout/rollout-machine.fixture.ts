/** A plain reference of what a rollout may do, written from the rules' words and not from the code. */
import type { RolloutState, Verdict } from "@colophon/kernel";
import { MINUTE } from "./rollout-log.fixture.ts";

/** What a scheduler sees, apart from time. */
export const SEEN = ["fine", "uncleared", "harm", "dear", "mismatch", "silent", "few"] as const;
export type Seen = (typeof SEEN)[number];

export interface Finding {
  readonly verdict: Verdict;
  readonly baseline: number;
  /** The rollout whose pairs said so; null for a gate's verdict. */
  readonly pairsOf: number | null;
}

interface Open {
  readonly number: number;
  readonly baseline: number;
  state: RolloutState;
  step: number;
  since: number;
  cause: string;
  heldFrom: RolloutState | null;
  excused: boolean;
  readonly accepted: Set<string>;
  /** Whether cost had fired when it was held. */
  dear: boolean;
}

const DWELL = 10 * MINUTE;
const PATIENCE = 120 * MINUTE;
const SHADOW_PATIENCE = 60 * MINUTE;
const QUIET = 60 * MINUTE;
const LAST_STEP = 2;

export class RolloutMachine {
  readonly shadowed: boolean;
  /** Version that is live, and all that were, oldest first. */
  live = 1;
  readonly lived = [1];
  readonly left = new Set<number>();
  readonly withdrawn = new Set<number>();
  readonly findings: Finding[] = [];
  approved = false;
  rollouts = 0;
  rollout: Open | null = null;

  constructor(shadowed: boolean) {
    this.shadowed = shadowed;
  }

  get open(): Open | null {
    const ended = ["completed", "stopped", "rolled-back"];
    return this.rollout === null || ended.includes(this.rollout.state) ? null : this.rollout;
  }

  /** The newest finding against what is live says ship. */
  get ships(): boolean {
    return this.findings.findLast((one) => one.baseline === this.live)?.verdict === "ship";
  }

  start(now: number, exception: boolean): boolean {
    if (this.open !== null || this.live === 2 || this.withdrawn.has(2)) return false;
    const mayServe = this.ships || exception;
    const state = this.shadowed ? "shadowing" : mayServe ? "ramping" : "pending";
    this.rollouts += 1;
    this.rollout = {
      number: this.rollouts,
      baseline: this.live,
      state,
      step: state === "ramping" ? 0 : -1,
      since: now,
      cause: "started",
      heldFrom: null,
      excused: exception && !this.ships,
      accepted: new Set(),
      dear: false,
    };
    return true;
  }

  #to(state: RolloutState, cause: string, now: number): void {
    const rollout = this.rollout;
    if (rollout === null) return;
    rollout.heldFrom = state === "holding" ? rollout.state : null;
    rollout.state = state;
    rollout.cause = cause;
    rollout.since = now;
  }

  /** Ends what is open: rolled back when its canary was on. */
  end(cause: string, now: number): void {
    if (this.open !== null) this.#to(this.open.step >= 0 ? "rolled-back" : "stopped", cause, now);
  }

  advance(seen: Seen, now: number): void {
    const rollout = this.open;
    if (rollout === null) return;
    const serving = ["ramping", "holding", "waiting-for-approval"].includes(rollout.state);
    if (serving && seen === "harm") {
      this.end("guard", now);
      return;
    }
    switch (rollout.state) {
      case "pending":
        if (this.ships || rollout.excused) this.#step(0, "evidence", now);
        return;
      case "shadowing":
        this.#shadow(rollout, now);
        return;
      case "holding":
        if (rollout.cause === "no-data" && seen !== "silent" && rollout.heldFrom !== null)
          this.#to(rollout.heldFrom, "resumed", now);
        return;
      default:
        if (this.#holds(rollout, seen, now)) return;
        if (rollout.state === "ramping") this.#ramp(rollout, seen, now);
        else this.#full(rollout, seen, now);
    }
  }

  #shadow(rollout: Open, now: number): void {
    const pairs = this.findings.findLast((one) => one.pairsOf === rollout.number)?.verdict;
    if (pairs === "block") {
      this.#to("stopped", "evidence", now);
      return;
    }
    if (pairs === "ship") {
      if (this.ships || rollout.excused) this.#step(0, "evidence", now);
    } else if (now - rollout.since > SHADOW_PATIENCE) this.#to("holding", "inconclusive", now);
  }

  #holds(rollout: Open, seen: Seen, now: number): boolean {
    const cause =
      seen === "dear" && !rollout.accepted.has("cost")
        ? "guard"
        : seen === "mismatch" && !rollout.accepted.has("mismatch")
          ? "mismatch"
          : seen === "silent" && now - rollout.since > QUIET
            ? "no-data"
            : undefined;
    if (cause === undefined) return false;
    this.#to("holding", cause, now);
    rollout.dear = cause === "guard";
    return true;
  }

  #ramp(rollout: Open, seen: Seen, now: number): void {
    if (seen === "few" && !rollout.accepted.has("units")) {
      if (now - rollout.since > DWELL + PATIENCE) this.#to("holding", "inconclusive", now);
      return;
    }
    if (now - rollout.since < DWELL) return;
    if (rollout.step === 0) this.#step(1, "step", now);
    else this.#full(rollout, seen, now);
  }

  #full(rollout: Open, seen: Seen, now: number): void {
    const waiting = rollout.state === "waiting-for-approval";
    if (seen === "uncleared" && !rollout.accepted.has("errors")) {
      if (!waiting && now - rollout.since > DWELL + PATIENCE) this.#to("holding", "inconclusive", now);
      return;
    }
    if (!this.ships && !rollout.excused) {
      this.#to("holding", "evidence", now);
      return;
    }
    if (!this.approved) {
      if (!waiting) this.#to("waiting-for-approval", "step", now);
      return;
    }
    if (rollout.step < LAST_STEP) {
      this.#step(rollout.step + 1, waiting ? "approval" : "step", now);
      return;
    }
    this.#to("completed", "completed", now);
    this.serve(2);
  }

  #step(step: number, cause: string, now: number): void {
    this.#to("ramping", cause, now);
    if (this.rollout !== null) this.rollout.step = step;
  }

  pause(now: number): boolean {
    if (this.open === null || this.open.state === "pending") return false;
    if (this.open.state !== "holding") {
      this.open.dear = false;
      this.#to("holding", "paused", now);
    }
    return true;
  }

  resume(accept: readonly string[], now: number): boolean {
    const rollout = this.open;
    if (rollout === null || rollout.state !== "holding" || rollout.heldFrom === null) return false;
    if (rollout.dear && !rollout.accepted.has("cost") && !accept.includes("cost")) return false;
    for (const name of accept) rollout.accepted.add(name);
    rollout.dear = false;
    this.#to(rollout.heldFrom, "resumed", now);
    return true;
  }

  serve(version: number): void {
    this.live = version;
    this.lived.push(version);
  }

  release(version: number, now: number): boolean {
    if (this.withdrawn.has(version)) return false;
    if (this.live === version) return true;
    if (version === 2) {
      if (this.open !== null) this.#to("stopped", "superseded", now);
    } else this.end("superseded", now);
    this.serve(version);
    return true;
  }

  rollback(now: number): boolean {
    const canary = this.open !== null && this.open.step >= 0;
    if (canary && !this.withdrawn.has(this.live)) {
      this.end("rollback", now);
      return true;
    }
    const target = this.lived.findLast(
      (version) => version !== this.live && !this.withdrawn.has(version) && !this.left.has(version),
    );
    if (target === undefined) return false;
    this.end("rollback", now);
    this.left.add(this.live);
    this.serve(target);
    return true;
  }

  withdraw(version: number, now: number): void {
    if (this.withdrawn.has(version)) return;
    this.withdrawn.add(version);
    if (version === 2) this.end("withdrawn", now);
  }
}
