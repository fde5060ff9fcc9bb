/** Holds the seals, in order, against their own chain, and an anchor against them. */
import { type Anchor, chainStart, sealLink } from "@colophon/kernel";
import { SEAL_CHAIN } from "./chain-names.ts";
import { fastHash } from "./fast-hash.ts";
import type { Findings } from "./findings.ts";
import type { SqlRow } from "./sql-row.ts";
import { readSeal, type StoredSeal } from "./stored-seal.ts";

/** The seal of a row; undefined where it cannot be read. */
export function legibleSeal(row: SqlRow): StoredSeal | undefined {
  try {
    return readSeal(row);
  } catch {
    return undefined;
  }
}

/** @returns how many there are. */
export function checkSeals(rows: Iterable<SqlRow>, anchor: Anchor | undefined, findings: Findings): number {
  let previous = chainStart(SEAL_CHAIN, fastHash);
  let seen: StoredSeal | undefined;
  let count = 0;
  let anchored: string | undefined;
  for (const row of rows) {
    count += 1;
    const where = `seal ${row.seq}`;
    const stored = legibleSeal(row);
    if (stored === undefined) {
      findings.add("altered-seal", where, "The seal cannot be read.");
      continue;
    }
    const { seal } = stored;
    if (seal.seq !== count || fastHash(sealLink(previous, seal)) !== seal.chain) {
      findings.add("altered-seal", where, "The seal does not hash to its link of the chain.");
    } else if (
      seen !== undefined &&
      (stored.lastExecution < seen.lastExecution || stored.lastOutcome < seen.lastOutcome)
    ) {
      findings.add("altered-seal", where, "The seal has seen fewer rows than the one before.");
    }
    if (seal.seq === anchor?.seal.seq) anchored = seal.chain;
    previous = seal.chain;
    seen = stored;
  }
  if (anchor !== undefined && anchored !== anchor.seal.chain) {
    findings.add(
      "anchor-mismatch",
      `seal ${anchor.seal.seq}`,
      "The store has another seal there than the anchor, or none.",
    );
  }
  return count;
}
