/** Counts a look at the test split of an eval set before it is taken. */
import { type Ladder, LOOK_BUDGET, spendLook, testLooks } from "@colophon/evaluation";
import type { ModelChoice } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { OpenEvalSet } from "../eval-sets/load-eval-set.ts";
import { listRuns } from "./list-runs.ts";

export interface LookQuestion {
  readonly key: string;
  /** Of the challenger. */
  readonly model: ModelChoice;
  readonly set: OpenEvalSet;
  /** The name of what is asked. */
  readonly together: string;
}

export interface TakenLook {
  /** This one among them. */
  readonly looks: number;
  /** What was revealed before; null where nothing is held back. */
  readonly ladder: Ladder | null;
  /** Why there is no look any more; null where there is. */
  readonly refused: string | null;
}

/** A question that was put before is no new look, whether it was ended or is gone on with. */
export async function takeLook(
  harness: Harness,
  { key, model, set, together }: LookQuestion,
): Promise<TakenLook> {
  const runs = await listRuns(harness, key);
  const { looks, ladder, again } = testLooks(runs, { key, model, evalSet: set.entry, together });
  if (again) return { looks, ladder, refused: null };
  const spent = spendLook({ looks, budget: LOOK_BUDGET });
  return { looks: spent.looks, ladder, refused: spent.allowed ? null : spent.reason };
}
