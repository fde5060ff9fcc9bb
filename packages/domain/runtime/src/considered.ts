/** The entries of `considered`: what became of each tier, the frequent ones made once. */
import type { Considered, Tier } from "@colophon/kernel";

type ConsideredTier = Considered["tier"];

const tiers: readonly ConsideredTier[] = ["pin", "document", "user", "environment", "default"];

function each(outcome: Considered["outcome"]): Readonly<Record<ConsideredTier, Considered>> {
  const entries = tiers.map((tier) => [tier, Object.freeze({ tier, outcome })] as const);
  return Object.freeze(Object.fromEntries(entries) as Record<ConsideredTier, Considered>);
}

export const NOT_ASKED = each("not-asked");
export const ABSENT = each("absent");
export const CHOSEN = each("chosen");

/** What stood against a version. */
export interface Refused {
  readonly outcome: "withdrawn" | "misfit" | "unknown-version";
  readonly reason?: string;
}

export function refusal(tier: Tier | "pin", version: number, refused: Refused): Considered {
  const { outcome, reason } = refused;
  return { tier, outcome, version, ...(reason === undefined ? {} : { reason }) };
}
