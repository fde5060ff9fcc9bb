/** Reads the seals one by one, and holds them against their own chain. */
import { type Anchor, chainStart, sealLink } from "@colophon/kernel";
import { SEAL_CHAIN } from "../../shared/chain-names.ts";
import { fastHash } from "../fast-hash.ts";
import type { SqlRow } from "../node-sqlite.ts";
import { readSeal, type StoredSeal } from "../seal-ledger.ts";
import type { SqliteCore } from "../sqlite-core.ts";
import type { Findings } from "./findings.ts";

/** The legible seals in their order; an illegible one is found by `verifySeals`. */
export function* sealsOf(core: SqliteCore): Generator<StoredSeal, undefined> {
  for (const row of core.prepare("SELECT * FROM seal ORDER BY seq").iterate() as Iterable<SqlRow>) {
    const seal = read(row);
    if (seal !== undefined) yield seal;
  }
  return undefined;
}

function read(row: SqlRow): StoredSeal | undefined {
  try {
    return readSeal(row);
  } catch {
    return undefined;
  }
}

export function verifySeals(core: SqliteCore, anchor: Anchor | undefined, findings: Findings): number {
  let previous = chainStart(SEAL_CHAIN, fastHash);
  let seen: StoredSeal | undefined;
  let count = 0;
  let anchored: string | undefined;
  for (const row of core.prepare("SELECT * FROM seal ORDER BY seq").iterate() as Iterable<SqlRow>) {
    count += 1;
    const where = `seal ${row.seq}`;
    const stored = read(row);
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
