/** A folder of its own for a test's store, and a store that has a little of everything. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdSource, type IdSource, sha256, systemClock, systemRandom } from "@colophon/kernel";
import {
  anExecution,
  anOutcome,
  aReleaseDraft,
  aStart,
  aText,
  aVersionDraft,
  fixedClock,
  seededIds,
} from "@colophon/testkit";
import { onTestFinished } from "vitest";
import { openSqliteStore, type SqliteStore } from "./open-sqlite-store.ts";

export interface StoreFolder {
  readonly folder: string;
  readonly file: string;
  /** Runs before the folder goes. */
  onDone(task: () => void | Promise<void>): void;
}

export function storeFolder(): StoreFolder {
  const folder = mkdtempSync(join(tmpdir(), "colophon-store-"));
  const tasks: (() => void | Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const task of tasks.toReversed()) await task();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, file: join(folder, "store.db"), onDone: (task) => void tasks.push(task) };
}

export const SYSTEM_IDS: IdSource = createIdSource({ clock: systemClock, random: systemRandom });

export async function openOn(
  { file, onDone }: StoreFolder,
  mode: "read" | "create" = "create",
): Promise<SqliteStore> {
  const store = await openSqliteStore({ file, mode, clock: systemClock });
  onDone(() => store.close());
  return store;
}

let filled: Promise<Buffer> | undefined;

/** Two writers with six rows each, outcomes, starts, a gap, contents, a released text, two seals; closed. */
export async function filledStore({ file }: StoreFolder): Promise<void> {
  filled ??= fill(`${file}.filled`);
  writeFileSync(file, await filled);
}

async function fill(file: string): Promise<Buffer> {
  const clock = fixedClock();
  const ids = seededIds({ clock, seed: "filled" });
  const open = (): Promise<SqliteStore> => openSqliteStore({ file, mode: "create", clock, ids });
  const [one, two] = [await open(), await open()];
  await one.records.append(() => ({
    drafts: [aVersionDraft(), aReleaseDraft()],
    texts: [aText()],
    result: null,
  }));
  const contents = {
    inputDigest: sha256("in"),
    outputDigest: sha256("out"),
    variables: "{}",
    output: "billing",
    days: 9,
  };
  for (let round = 0; round < 6; round++) {
    for (const store of [one, two]) {
      const row = anExecution(ids, {
        subjects: {
          user: "ada",
          tenant: "acme",
          document: `doc-${round}`,
          documentType: "invoice",
          session: "s",
        },
        trace: "a".repeat(32),
        span: "b".repeat(16),
        renderedHash: "c".repeat(32),
        assignment: { salt: "salt", draw: 0.25, probability: 0.5 },
        firstToken: 12,
        step: round,
        contents: round === 1 ? contents : { ...contents, variables: null, output: null },
      });
      await store.ledger.append([row]);
      await store.ledger.appendOutcomes([anOutcome(ids, row.id)]);
      await store.ledger.appendStarts([aStart(ids)]);
      clock.advance(1000);
    }
    if (round === 2) await one.care.seal();
  }
  const gap = { at: clock.now(), kind: "dropped-row", count: 1, prompt: null, reason: "full" } as const;
  await one.ledger.appendGaps([gap]);
  await one.care.seal();
  await two.close();
  await one.close();
  // The last one to close leaves the whole store in one file.
  return readFileSync(file);
}
