/** A suite's report with where and when it was measured, as it is written to disk. */
import type { MachineFacts } from "../machine.ts";
import type { SuiteReport } from "../suite.ts";

export interface SuiteResult extends SuiteReport {
  readonly suite: string;
  /** True for a smoke test, whose figures mean nothing. */
  readonly quick: boolean;
  readonly machine: MachineFacts;
}
