/** Use cases of rollouts, on any house. */
import type { RolloutsQuery } from "../delivery/list-rollouts.ts";
import type { House } from "../house.ts";
import { offer } from "./offer.ts";
import {
  abortRolloutOperation,
  approveRolloutOperation,
  listRolloutsOperation,
  pauseRolloutOperation,
  resumeRolloutOperation,
  rolloutStatusOperation,
  startRolloutOperation,
} from "./rollout-operations.ts";

/**
 * Starts a rollout by its plan, through the gate.
 *
 * @throws HarnessError as `decideStart` and `readPlan` of delivery do.
 * @example
 * await startRollout(house, {
 *   members: [{ key: "support.triage", versions: [8] }],
 *   environment: "production",
 *   reason: "clearer labels",
 * });
 */
export const startRollout = offer(startRolloutOperation);

/**
 * Rollouts, the newest first.
 *
 * @throws HarnessError `key-unknown` or `environment-unknown`.
 * @example
 * const open = await listRollouts(house, { environment: "production", open: true });
 */
export const listRollouts = (house: House, query: RolloutsQuery = {}) =>
  offer(listRolloutsOperation)(house, query);

/**
 * Where a rollout stands, pairs of its shadow included; changes nothing.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `store-corrupt`, or `usage` where the prompt never had a
 * rollout there.
 * @example
 * const { state, step, share, next } = await rolloutStatus(house, {
 *   key: "support.triage",
 *   environment: "production",
 * });
 */
export const rolloutStatus = offer(rolloutStatusOperation);

/**
 * Holds a rollout; its guards go on watching.
 *
 * @throws HarnessError as `decidePause` of delivery does.
 * @example
 * const place = { key: "support.triage", environment: "production" };
 * await pauseRollout(house, { ...place, reason: "the support team is away" });
 */
export const pauseRollout = offer(pauseRolloutOperation);

/**
 * Goes on with a held rollout.
 *
 * @throws HarnessError as `decideResume` of delivery does, and `usage` for a shadow that has used up its budget.
 * @example
 * const place = { key: "support.triage", environment: "production" };
 * await resumeRollout(house, { ...place, accept: ["cost"], reason: "worth its price" });
 */
export const resumeRollout = offer(resumeRolloutOperation);

/**
 * Records a judgement of the caller about what a rollout is to serve everybody with.
 *
 * @throws HarnessError as `decideApprove` of delivery does.
 * @example
 * const place = { key: "support.triage", environment: "production" };
 * await approveRollout(house, { ...place, safety: true, compliance: true, style: true });
 */
export const approveRollout = offer(approveRolloutOperation);

/**
 * Ends a rollout: the live version serves everybody.
 *
 * @throws HarnessError as `decideAbort` of delivery does.
 * @example
 * const place = { key: "support.triage", environment: "production" };
 * await abortRollout(house, { ...place, reason: "customers complain" });
 */
export const abortRollout = offer(abortRolloutOperation);
