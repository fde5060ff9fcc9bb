/** Reads the seals one by one, and holds them against their own chain. */
import type { Anchor } from "@colophon/kernel";
import { checkSeals, legibleSeal } from "../../shared/check-seals.ts";
import type { Findings } from "../../shared/findings.ts";
import type { StoredSeal } from "../../shared/stored-seal.ts";
import type { SqlRow } from "../node-sqlite.ts";
import type { SqliteCore } from "../sqlite-core.ts";

function sealRows(core: SqliteCore): Iterable<SqlRow> {
  return core.prepare("SELECT * FROM seal ORDER BY seq").iterate() as Iterable<SqlRow>;
}

/** The legible seals in their order; an illegible one is found by `verifySeals`. */
export function* sealsOf(core: SqliteCore): Generator<StoredSeal, undefined> {
  for (const row of sealRows(core)) {
    const seal = legibleSeal(row);
    if (seal !== undefined) yield seal;
  }
  return undefined;
}

export function verifySeals(core: SqliteCore, anchor: Anchor | undefined, findings: Findings): number {
  return checkSeals(sealRows(core), anchor, findings);
}
