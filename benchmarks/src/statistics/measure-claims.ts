/** Measures every claim, table by table. */
import type { ClaimTable } from "./claim-table.ts";
import { clusterCells, passOrFailCells, scoreCells } from "./false-passes.ts";
import { creepCells, ratchetCells } from "./plain-ratchet.ts";
import { powerCells } from "./power.ts";
import type { Scale } from "./scale.ts";

/** One at a time, since the large tables take a while. */
export function* measureClaims(scale: Scale): Generator<ClaimTable> {
  yield passOrFailCells(scale);
  yield scoreCells(scale);
  yield clusterCells(scale);
  yield powerCells(scale);
  yield ratchetCells();
  yield creepCells();
}
