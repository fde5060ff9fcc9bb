/** `loadPlan`: the plan of a rollout, out of the documents that records name. */
import { HarnessError, type RolloutPlan } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

/** A plan by the hash that records name. @throws HarnessError `store-corrupt`. */
export async function loadPlan(harness: Harness, hash: string): Promise<RolloutPlan> {
  const plan = (await harness.records.listDocuments([hash])).get(hash);
  if (plan !== undefined) return plan as RolloutPlan;
  throw new HarnessError(
    "store-corrupt",
    `The plan ${hash.slice(0, 12)}… of a rollout is not in the store; run \`colophon verify\` and restore it from a copy.`,
    { details: { plan: hash } },
  );
}
