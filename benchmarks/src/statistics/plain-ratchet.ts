/** What the plain ratchet, `mean not below the baseline's`, would have done: it fails both ways. */
import { exactTangoPValue } from "@colophon/methods";
import type { ClaimRow, ClaimTable } from "./claim-table.ts";
import { chanceToPass } from "./pass-or-fail-pairs.ts";

const DIFFERING = 0.1;

export function ratchetCells(): ClaimTable {
  const ratchet = (wins: number, losses: number): boolean => wins >= losses;
  const rows = [50, 100, 200, 400, 800].map((pairs): ClaimRow => {
    const equal = 1 - chanceToPass({ pairs, change: 0, differing: DIFFERING }, ratchet);
    const worse = chanceToPass({ pairs, change: -0.03, differing: DIFFERING }, ratchet);
    const gate = chanceToPass(
      { pairs, change: -0.03, differing: DIFFERING },
      (wins, losses) => exactTangoPValue({ wins, losses, pairs }, -0.03) <= 0.05,
    );
    const shares = {
      "rejects an equal one": equal,
      "passes a loss of 3 points": worse,
      "the gate passes it": gate,
    };
    return { cell: `${pairs} cases, 10 % differ`, shares, holds: equal > 0.4 && gate <= 0.05 };
  });
  return {
    title: "The plain ratchet beside the gate",
    method: "Computed over all outcomes.",
    claim:
      "the ratchet rejects an equal prompt more than 40 % of the time, and the gate passes a loss of 3 points at most 5 %",
    rows,
  };
}

/** Small losses that each pass add up: why an anchor is kept. */
export function creepCells(): ClaimTable {
  const rows = [100, 400, 1000].map((pairs): ClaimRow => {
    const passes = chanceToPass(
      { pairs, change: -0.01, differing: DIFFERING },
      (wins, losses) => exactTangoPValue({ wins, losses, pairs }, -0.03) <= 0.05,
    );
    return {
      cell: `${pairs} cases, 10 % differ`,
      shares: { "passes a loss of 1 point": passes },
      holds: passes > 0.05,
    };
  });
  return {
    title: "Losses within the margin, one gate after another",
    method: "Computed over all outcomes, for a margin of 3 points.",
    claim: "a true loss of 1 point passes more often than 5 %, so that a frozen anchor is needed",
    rows,
  };
}
