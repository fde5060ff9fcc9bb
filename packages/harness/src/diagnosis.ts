/** One finding of the doctor: how bad it is, what it is about, and what to do. */

export const SEVERITIES = ["error", "warning", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Diagnosis {
  readonly severity: Severity;
  readonly code:
    | "misfit"
    | "withdrawn-live"
    | "withdrawn-override"
    | "withdrawn-pin"
    | "declared-differs"
    | "declared-apart"
    | "no-owner"
    | "floating-model"
    | "unpinned-partial"
    | "unknown-environment"
    | "not-recorded"
    | "dropped"
    | "unfinished"
    | "eval-set-overdue"
    | "eval-set-missing"
    | "unpassed-cell"
    | "not-drilled"
    | "drill-cut-off"
    | "unwatched"
    | "rollout-held"
    | "spool";
  /** The prompt, where one is meant. */
  readonly key: string | null;
  readonly environment: string | null;
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
}

export function about(
  severity: Severity,
  code: Diagnosis["code"],
  where: { readonly key?: string | null; readonly environment?: string | null },
): Pick<Diagnosis, "severity" | "code" | "key" | "environment"> {
  return { severity, code, key: where.key ?? null, environment: where.environment ?? null };
}
