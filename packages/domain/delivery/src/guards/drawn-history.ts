/** The records of a rollout as draws were made by them: which shares, stage and epoch a row belongs to. */
import type { Revision, RolloutEntry } from "@colophon/kernel";
import { challengersOf, servedShare } from "../rollout/rollout-members.ts";
import type { PlannedShares } from "./share-watch.ts";

export interface DrawnRecord {
  readonly entry: RolloutEntry;
  /** Numbers states and steps; new shares within one do not change it. */
  readonly stage: number;
  /** Numbers the shares that were drawn by. */
  readonly epoch: number;
  /** Challengers' share together: draws below it were theirs. */
  readonly served: number;
  /** The share of units that each challenger has of those that are its or the control's. */
  readonly planned: ReadonlyMap<number, number>;
  readonly groups: PlannedShares;
}

export class DrawnHistory {
  readonly #records: DrawnRecord[] = [];

  get last(): DrawnRecord | undefined {
    return this.#records.at(-1);
  }

  /** Takes the records that are new, in their order. */
  add(entries: Iterable<RolloutEntry>): void {
    for (const entry of entries) {
      const before = this.last;
      if (before !== undefined && entry.revision <= before.entry.revision) continue;
      this.#records.push(drawnRecord(entry, before));
    }
  }

  /** The record that a snapshot of this revision drew by. */
  at(revision: Revision): DrawnRecord | undefined {
    return this.#records.findLast(({ entry }) => entry.revision <= revision);
  }
}

function drawnRecord(entry: RolloutEntry, before: DrawnRecord | undefined): DrawnRecord {
  const served = servedShare(entry);
  const rest = Math.max(0, 1 - served);
  const planned = new Map<number, number>();
  const groups = new Map<string, number>();
  for (const { version, share } of entry.arms) {
    if (!challengersOf(entry).includes(version)) continue;
    planned.set(version, share > 0 ? share / (share + rest) : 0);
    groups.set(`v${version}`, share);
  }
  const control = Math.min(rest, entry.control);
  groups.set("control", control);
  // What floating point leaves of 1 − 0.5 − 0.5 is no group.
  groups.set("live", rest - control > 1e-9 ? rest - control : 0);
  const same = before !== undefined && sharesOf(before.entry) === sharesOf(entry);
  const { state, step, since } = before?.entry ?? {};
  const goesOn = state === entry.state && step === entry.step && since === entry.since;
  return {
    entry,
    stage: before === undefined ? 0 : goesOn ? before.stage : before.stage + 1,
    epoch: before === undefined ? 0 : same ? before.epoch : before.epoch + 1,
    served,
    planned,
    groups,
  };
}

function sharesOf({ arms, control }: RolloutEntry): string {
  return [...arms.map(({ version, share }) => `${version}:${share}`), control].join(" ");
}
