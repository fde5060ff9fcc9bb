/** Watches whether units arrive in the shares that were drawn for them, anew in each state and step. */
import { addUnits, startMismatchTest } from "@colophon/methods";
import { MISMATCH_LIMIT, type MismatchReading } from "../rollout/rollout-sight.ts";
import { eValueOf } from "./guard-observation.ts";
import { UnitFlags } from "./unit-table.ts";

/** Shares by group: each challenger, `control` and `live`; they add up to 1. */
export type PlannedShares = ReadonlyMap<string, number>;

interface Epoch {
  readonly planned: PlannedShares;
  readonly counts: Map<string, number>;
}

interface Stage {
  readonly seen: UnitFlags;
  readonly epochs: Map<number, Epoch>;
  units: number;
}

export interface Arrived {
  readonly unit: number;
  readonly group: string;
  readonly stage: number;
  readonly epoch: number;
  readonly planned: PlannedShares;
}

/** How many stages back a late row is still counted. */
const LATE_STAGES = 2;

export class ShareWatch {
  readonly #stages = new Map<number, Stage>();

  /** Counts a unit once in each stage, by how it was served first. */
  arrive({ unit, group, stage, epoch, planned }: Arrived): void {
    const at = this.#stage(stage);
    if (at.seen.get(unit) !== 0) return;
    at.seen.set(unit, 1);
    at.units += 1;
    const known = at.epochs.get(epoch) ?? { planned, counts: new Map<string, number>() };
    at.epochs.set(epoch, known);
    known.counts.set(group, (known.counts.get(group) ?? 0) + 1);
  }

  #stage(stage: number): Stage {
    const known = this.#stages.get(stage);
    if (known !== undefined) return known;
    const fresh: Stage = { seen: new UnitFlags(), epochs: new Map(), units: 0 };
    this.#stages.set(stage, fresh);
    for (const old of this.#stages.keys()) if (old < stage - LATE_STAGES) this.#stages.delete(old);
    return fresh;
  }

  reading(stage: number): MismatchReading {
    const at = this.#stages.get(stage);
    const units = at?.units ?? 0;
    let log: number | null = null;
    for (const epoch of at?.epochs.values() ?? []) {
      const found = logFactor(epoch);
      if (found !== null) log = (log ?? 0) + found;
    }
    const evidence = log === null ? null : eValueOf(log);
    const state = evidence === null ? "no-data" : evidence >= MISMATCH_LIMIT ? "mismatch" : "watching";
    return { state, evidence, limit: MISMATCH_LIMIT, units };
  }
}

/** The Bayes factor of an epoch; null where there is but one group that units could be in. */
function logFactor({ planned, counts }: Epoch): number | null {
  const groups = [...planned].filter(([, share]) => share > 0);
  if (groups.length < 2) return null;
  const test = startMismatchTest(groups.map(([, share]) => share));
  return addUnits(
    test,
    groups.map(([group]) => counts.get(group) ?? 0),
  ).eValue.log;
}
