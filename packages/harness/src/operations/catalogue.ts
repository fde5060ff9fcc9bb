/** Every operation of the house: what servers offer, typed clients ask for and audit logs name. */
import { CARE_OPERATIONS } from "./care-operations.ts";
import { COMPARE_OPERATIONS } from "./compare-operations.ts";
import { DELIVERY_OPERATIONS } from "./delivery-operations.ts";
import { DRILL_OPERATIONS } from "./drill-operations.ts";
import { ENVIRONMENT_OPERATIONS } from "./environment-operations.ts";
import { EVALUATION_OPERATIONS } from "./evaluation-operations.ts";
import { FIGURES_OPERATIONS } from "./figures-operations.ts";
import { GUARD_OPERATIONS } from "./guard-operations.ts";
import { IMPORT_OPERATIONS } from "./import-operations.ts";
import { INSTALLATION_OPERATIONS } from "./installation-operations.ts";
import { LEDGER_OPERATIONS } from "./ledger-operations.ts";
import { REGISTRY_OPERATIONS } from "./registry-operations.ts";
import { REVIEW_OPERATIONS } from "./review-operations.ts";
import { ROLLOUT_OPERATIONS } from "./rollout-operations.ts";
import { SYNC_OPERATIONS } from "./sync-operations.ts";

/** In the order of the reference. */
export const OPERATIONS = [
  ...REGISTRY_OPERATIONS,
  ...COMPARE_OPERATIONS,
  ...REVIEW_OPERATIONS,
  ...SYNC_OPERATIONS,
  ...IMPORT_OPERATIONS,
  ...ENVIRONMENT_OPERATIONS,
  ...DELIVERY_OPERATIONS,
  ...ROLLOUT_OPERATIONS,
  ...GUARD_OPERATIONS,
  ...DRILL_OPERATIONS,
  ...LEDGER_OPERATIONS,
  ...FIGURES_OPERATIONS,
  ...CARE_OPERATIONS,
  ...EVALUATION_OPERATIONS,
  ...INSTALLATION_OPERATIONS,
] as const;
