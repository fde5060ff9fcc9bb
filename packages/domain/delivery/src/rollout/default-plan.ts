/** The plan of a rollout that nobody wrote one for, by the risk of its prompt. */
import type { MetricKind, Risk, RolloutGuard, RolloutPlan, ShadowStage } from "@colophon/kernel";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What differs by risk. */
const BY_RISK: Readonly<
  Record<
    Risk,
    {
      readonly shares: readonly number[];
      readonly dwell: number;
      readonly units: number;
      /** What margins are multiplied by. */
      readonly margin: number;
      readonly approvals: number;
    }
  >
> = {
  low: { shares: [0.05, 0.25, 0.5, 1], dwell: 30 * MINUTE, units: 50, margin: 1, approvals: 0 },
  medium: { shares: [0.05, 0.1, 0.25, 0.5, 1], dwell: HOUR, units: 100, margin: 1, approvals: 0 },
  high: {
    shares: [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1],
    dwell: 2 * HOUR,
    units: 200,
    margin: 0.5,
    approvals: 1,
  },
};

/** How long and how often a step is watched, where a plan does not say. */
export function defaultStep(risk: Risk): { readonly dwell: number; readonly units: number } {
  const { dwell, units } = BY_RISK[risk];
  return { dwell, units };
}

/**
 * Steps, guards and margins for a risk. `checked` says that answers are held against an output contract: then
 * keeping it has to be cleared too before the challenger serves everybody.
 */
export function defaultPlan(
  risk: Risk,
  { checked = false }: { readonly checked?: boolean } = {},
): RolloutPlan {
  const { shares, dwell, units, approvals } = BY_RISK[risk];
  return {
    format: 1,
    steps: shares.map((share) => ({ share, dwell, units })),
    shadow: null,
    policy: { kind: "fixed" },
    draws: "unit",
    guards: defaultGuards(risk),
    alpha: 0.01,
    promotionAlpha: 0.05,
    approvals,
    clearing: checked ? ["errors", "schemaOk"] : ["errors"],
    missing: { noData: "hold", staleData: "hold", mismatch: "hold", inconclusive: "hold" },
    // A night is no outage.
    quiet: 24 * HOUR,
    // A thousand calls a day clear an equal challenger within it; evidence waits for nobody, and stays.
    patience: 14 * 24 * HOUR,
  };
}

/** What a shadow is where a plan asks for one without saying how. */
export const DEFAULT_SHADOW: ShadowStage = {
  rate: 0.1,
  concurrency: 2,
  calls: 1000,
  budget: null,
  metric: "quality",
  margin: 0.03,
  alpha: 0.05,
  pairs: 50,
  patience: 24 * HOUR,
};

export interface ComparisonDefaults {
  readonly tolerated: number;
  readonly acceptable: number;
  readonly negligible?: number;
}

/** What a comparison tolerates and accepts where a plan does not say; a high risk halves the margins. */
export function comparisonDefaults(kind: MetricKind, risk: Risk): ComparisonDefaults {
  const { margin } = BY_RISK[risk];
  switch (kind) {
    case "event":
      return { tolerated: 1, acceptable: 1 + 0.5 * margin, negligible: 0.01 * margin };
    case "score":
      return { tolerated: 0.02 * margin, acceptable: 0.05 * margin };
    case "amount":
      return { tolerated: 1 + 0.2 * margin, acceptable: 1 + 0.5 * margin };
  }
}

/** Shares of alpha: what a machine sees at once gets most, and what only holds gets least. */
function defaultGuards(risk: Risk): readonly RolloutGuard[] {
  const event = { kind: "comparison", ...comparisonDefaults("event", risk), action: "rollback" } as const;
  const score = { kind: "comparison", ...comparisonDefaults("score", risk), action: "rollback" } as const;
  const amount = { kind: "comparison", ...comparisonDefaults("amount", risk), action: "hold" } as const;
  return [
    { kind: "limit", metric: "errors", direction: "above", limit: 0.5, minimum: 20, action: "rollback" },
    { ...event, metric: "errors", alpha: 0.2 },
    { ...event, metric: "schemaOk", alpha: 0.35 },
    { ...event, metric: "refused", alpha: 0.1 },
    { ...event, metric: "thumbsDown", alpha: 0.1 },
    { ...score, metric: "quality", alpha: 0.1 },
    { ...amount, metric: "latency", alpha: 0.05 },
    { ...amount, metric: "cost", alpha: 0.05 },
    { ...amount, metric: "outputLength", alpha: 0.05 },
  ];
}
