/** Looks after the store on PostgreSQL: verifies, seals, anchors, erases, purges, lets go of what is old. */
import { type Anchor, HarnessError, type Seal, type StoreCare, type WriterHead } from "@colophon/kernel";
import { eraseSubject } from "./erase-subject.ts";
import { foldLedger } from "./fold-ledger.ts";
import { keepUp } from "./keep-up.ts";
import type { LedgerWriter } from "./ledger-writer.ts";
import type { PostgresCore } from "./postgres-core.ts";
import { purgeContents } from "./purge-contents.ts";
import { countOldRows, retainLedger } from "./retain-ledger.ts";
import { listSeals, sealLedger } from "./seal-ledger.ts";
import { verifyStore } from "./verify/verify-store.ts";

/** What a caller who seals waits for the sums at most. */
const FOLD_MS = 1000;

export interface PostgresCareParts {
  readonly core: PostgresCore;
  readonly writer: LedgerWriter;
}

export function createPostgresCare({ core, writer }: PostgresCareParts): StoreCare {
  const sealAndFold = async (): Promise<Seal | undefined> => {
    const seal = await sealLedger(core);
    // The seal stands whatever becomes of the sums; the next one who folds covers the rows.
    await foldLedger(core, FOLD_MS).catch(() => undefined);
    return seal;
  };
  return {
    verify: (more) => verifyStore(core, more?.anchor),
    seal: sealAndFold,
    async anchor() {
      if (core.mode !== "read") await sealAndFold();
      return anchorOf(core);
    },
    async erase(subject, by) {
      const counts = await eraseSubject(core, subject, by);
      writer.forget();
      return counts;
    },
    keepUp: () => keepUp(core, writer.partitions),
    purgeContents: (now) => purgeContents(core, now),
    retain: (before, by, more) =>
      more?.dryRun === true ? countOldRows(core, before) : retainLedger(core, before, by),
  };
}

/** Every writer's head as the last seal saw it: the newest seal that lists it. */
async function anchorOf(core: PostgresCore): Promise<Anchor> {
  const seals = await listSeals(core);
  const last = seals.at(-1);
  if (last === undefined) {
    throw new HarnessError(
      "store-read-only",
      `The store ${core.place} has no seal yet; open it for writing to make one.`,
    );
  }
  const heads = new Map<string, WriterHead>();
  for (const { seal } of seals) for (const head of seal.heads) heads.set(head.writer, head);
  return { format: 1, at: core.clock.now(), seal: last.seal, heads: [...heads.values()] };
}
