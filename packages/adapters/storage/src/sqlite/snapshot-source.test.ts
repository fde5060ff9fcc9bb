/** Holds the source that feeds from the embedded store to the contract of its port. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashText, type SnapshotChange, systemClock } from "@colophon/kernel";
import { aText, aVersionDraft, snapshotSourceContract } from "@colophon/testkit";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { createSqliteSnapshotSource } from "./snapshot-source.ts";

snapshotSourceContract({
  name: "the source of the SQLite store",
  first: "at-once",
  async open(parts) {
    const folder = mkdtempSync(join(tmpdir(), "colophon-source-"));
    const file = join(folder, "store.db");
    const { records, care, close } = await openSqliteStore({ file, mode: "create", ...parts });
    const source = createSqliteSnapshotSource({ file, clock: parts.clock, pollMs: 5 });
    const dispose = async (): Promise<void> => {
      await source.close();
      await close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { source, records, care, dispose };
  },
});

test("Of versions that calls asked for in passing and nobody has only so many are remembered, and asking changes nothing", async ({
  onTestFinished,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "colophon-source-"));
  const file = join(folder, "store.db");
  const { records, close } = await openSqliteStore({ file, mode: "create", clock: systemClock });
  const source = createSqliteSnapshotSource({ file, clock: systemClock, pollMs: 3_600_000, mostPassing: 2 });
  onTestFinished(async () => {
    await source.close();
    await close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { key } = aVersionDraft().data;
  const register = async (...numbers: readonly number[]): Promise<void> => {
    const made = numbers.map((version) => ({ version, text: aText({ body: `v${version}: {{ticket}}` }) }));
    const drafts = made.map(({ version, text }) => aVersionDraft(text, { version }));
    await records.append(() => ({ drafts, texts: made.map(({ text }) => text), result: null }));
  };
  await register(1);
  const changes: SnapshotChange[] = [];
  source.start({
    ...{ onSnapshot: () => undefined, onLost: () => undefined, onRecovered: () => undefined },
    onChange: (change) => changes.push(change),
  });
  source.want(key, 1, true);
  expect(changes).toHaveLength(1);
  source.want(key, 3, true);
  source.want(key, 3);
  for (const version of [4, 5, 6]) source.want(key, version, true);
  expect(changes).toHaveLength(1);
  await register(3, 4, 5, 6);
  source.want("another.prompt", 1);
  const { versions = {} } = changes.at(-1)?.prompts[key] ?? {};
  expect(Object.keys(versions)).toEqual(["1", "3", "5", "6"]);
  expect(versions[6]).toEqual({ hash: hashText(aText({ body: "v6: {{ticket}}" })), withdrawn: false });
});
