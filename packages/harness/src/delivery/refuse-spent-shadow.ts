/** Refuses to go on with a shadow that has nothing left to spend: its calls would begin again, beyond the budget. */
import { type CostOf, priceExecution } from "@colophon/delivery";
import { getPrompt, HarnessError } from "@colophon/kernel";
import { openPrices } from "../costs/house-prices.ts";
import { connectedProcesses } from "../drill/connected-processes.ts";
import type { Harness } from "../harness.ts";
import { watchRollout } from "./watch/watched-rollout.ts";

/** One whose pairs have decided meanwhile may go on: nothing more is asked of it. @throws HarnessError `usage`. */
export async function refuseSpentShadow(
  harness: Harness,
  { key, environment }: { readonly key: string; readonly environment: string },
): Promise<void> {
  const state = await harness.records.state();
  const lead = getPrompt(state, key).rollouts.get(environment);
  if (lead?.state !== "holding" || lead.heldFrom !== "shadowing") return;
  const { book } = await openPrices(harness);
  const costOf: CostOf = (row) => priceExecution(row, book);
  const { members } = await watchRollout(harness, { state, lead }, { costOf });
  for (const member of members) await member.lookAll();
  const processes = (await connectedProcesses(harness, state, environment)).length;
  const records = await harness.records.listRecords({ kinds: ["evidence"] });
  const decided = new Set(
    records.map(({ kind, data }) => (kind === "evidence" ? data.pairs?.rollout : null)),
  );
  const sights = members.map((member) => member.sight(processes, members));
  const idOf = (of: string): string | undefined => state.prompts.get(of)?.rollouts.get(environment)?.id;
  const spent = sights.find((one) => one.shadow?.exhausted === true && !decided.has(idOf(one.key)));
  if (spent === undefined) return;
  throw new HarnessError(
    "usage",
    `The shadow of ${spent.key} in ${environment} has used up what it may: abort the rollout, and start it anew with a larger budget or more calls.`,
    { details: { key: spent.key, environment } },
  );
}
