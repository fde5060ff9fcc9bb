/** Where runs keep what they must not lose: a folder beside the store. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

export interface RunFolder {
  /** Score files of finished runs, by the id of the run. */
  scoreFile(run: string): string;
  /** The journal of a plan, until it is finished. */
  journal(plan: string): string;
  /** Every answer that was paid for. */
  readonly answers: string;
}

/**
 * Makes the folder where it is missing.
 *
 * @throws HarnessError `store-unsupported` for a store in memory.
 */
export function openRunFolder({ folder: beside }: Pick<Harness, "folder">): RunFolder {
  if (beside === null) {
    throw new HarnessError("store-unsupported", "Runs need a store with a file; give --store one.");
  }
  const folder = join(beside, "runs");
  mkdirSync(folder, { recursive: true });
  return {
    scoreFile: (run) => join(folder, `${run}.jsonl`),
    journal: (plan) => join(folder, `${plan}.journal.jsonl`),
    answers: join(folder, "answers.db"),
  };
}
