/** The entries of `considered`: what became of each tier, the frequent ones made once. */
import type { Considered, Tier } from "@colophon/kernel";

type ConsideredTier = Considered["tier"];

const TIERS: readonly ConsideredTier[] = ["pin", "document", "user", "environment", "default"];

function each(outcome: Considered["outcome"]): Readonly<Record<ConsideredTier, Considered>> {
  const entries = TIERS.map((tier) => [tier, Object.freeze({ tier, outcome })] as const);
  return Object.fromEntries(entries) as Record<ConsideredTier, Considered>;
}

export const NOT_ASKED = each("not-asked");
export const ABSENT = each("absent");
export const CHOSEN = each("chosen");

/** Why a version is unknown that may be known in a moment. */
export const NOT_FETCHED = "not fetched yet";

/** What stood against a version where something else decided. */
interface Refused {
  readonly outcome: Considered["outcome"];
  readonly reason?: string | undefined;
}

export function refusal(
  { tier }: { readonly tier: Tier | null },
  version: number,
  { outcome, reason }: Refused,
): Considered {
  return { tier: tier ?? "pin", outcome, version, ...(reason !== undefined && { reason }) };
}
