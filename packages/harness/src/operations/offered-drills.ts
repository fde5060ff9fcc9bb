/** Use cases that rehearse rollbacks, on any house. */
import { drillAllOperation, runDrillOperation } from "./drill-operations.ts";
import { offerJob } from "./offer.ts";

/**
 * Goes back and comes forth again, and measures how long the last process takes each way.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `withdrawn`, `nothing-to-roll-back`, or `usage` while
 * another drill or a rollout is on.
 * @example
 * import { setTimeout as pause } from "node:timers/promises";
 * const { status, lastFollowed } = await runDrill(
 *   house,
 *   { key: "support.triage", environment: "production", share: 0.05 },
 *   { pause },
 * );
 */
export const runDrill = offerJob(runDrillOperation);

/**
 * Drills one prompt after the other, those that have something to go back to.
 *
 * @throws HarnessError `environment-unknown`.
 * @example
 * import { setTimeout as pause } from "node:timers/promises";
 * const rows = await drillAll(house, { environment: "production" }, { pause });
 */
export const drillAll = offerJob(drillAllOperation);
