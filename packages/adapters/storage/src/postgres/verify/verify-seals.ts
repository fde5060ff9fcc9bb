/** Reads the seals, and holds them against their own chain. */
import type { Anchor } from "@colophon/kernel";
import { checkSeals, legibleSeal } from "../../shared/check-seals.ts";
import type { Findings } from "../../shared/findings.ts";
import type { StoredSeal } from "../../shared/stored-seal.ts";
import type { Connection } from "../postgres-core.ts";

export async function verifySeals(
  { query }: Connection,
  anchor: Anchor | undefined,
  findings: Findings,
): Promise<{ readonly count: number; readonly legible: readonly StoredSeal[] }> {
  const rows = await query("SELECT * FROM @schema.seal ORDER BY seq");
  const count = checkSeals(rows, anchor, findings);
  return { count, legible: rows.flatMap((row) => legibleSeal(row) ?? []) };
}
