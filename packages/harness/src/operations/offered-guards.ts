/** Use cases of standing guards, on any house. */
import {
  acceptTuningOperation,
  listGuardsOperation,
  removeGuardOperation,
  setGuardOperation,
  tuneGuardsOperation,
} from "./guard-operations.ts";
import { offer } from "./offer.ts";

/**
 * Standing guards with where each stands now, in the order in which they were set.
 *
 * @throws HarnessError `key-unknown` or `environment-unknown`.
 * @example
 * const breached = (await listGuards(house, { key: "support.triage" })).filter(({ state }) => state === "breached");
 */
export const listGuards = offer(listGuardsOperation);

/**
 * Sets a guard; an alike one in that environment is set anew with it.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `reason-missing` or `usage`.
 * @example
 * await setGuard(house, {
 *   key: "support.triage",
 *   environment: "production",
 *   metric: "schemaOk",
 *   direction: "below",
 *   limit: 0.95,
 *   against: "limit",
 *   measure: "mean",
 *   minimum: 50,
 *   window: 3_600_000,
 *   action: "rollback",
 *   reason: "answers have to be JSON",
 * });
 */
export const setGuard = offer(setGuardOperation);

/**
 * Takes a guard away.
 *
 * @throws HarnessError `key-unknown`, `reason-missing`, or `usage` for a name that means none, or several.
 * @example
 * await removeGuard(house, { key: "support.triage", guard: "schemaOk", reason: "the contract is gone" });
 */
export const removeGuard = offer(removeGuardOperation);

/**
 * Proposes guards from the past; nothing is recorded.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown` or `usage`.
 * @example
 * const { rows } = await tuneGuards(house, { key: "support.triage", environment: "production" });
 */
export const tuneGuards = offer(tuneGuardsOperation);

/**
 * Sets every guard that is proposed.
 *
 * @throws HarnessError as `tuneGuards`.
 * @example
 * const { rows } = await acceptTuning(house, { key: "support.triage", environment: "production" });
 */
export const acceptTuning = offer(acceptTuningOperation);
