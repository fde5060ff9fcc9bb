/** The upkeep of a store on PostgreSQL, for whoever has the lease of it, and harmless when several do it at once. */
import { foldLedger } from "./fold-ledger.ts";
import type { Partitions } from "./partitions.ts";
import type { PostgresCore } from "./postgres-core.ts";
import { purgeContents } from "./purge-contents.ts";
import { sealLedger } from "./seal-ledger.ts";

/** What one round may spend on sums; what is left is the next one's. */
const FOLD_MS = 5_000;

export async function keepUp(core: PostgresCore, partitions: Partitions): Promise<void> {
  await partitions.ahead();
  await sealLedger(core);
  await foldLedger(core, FOLD_MS);
  await purgeContents(core, core.clock.now());
}
