/** Erasing leaves no byte of a subject's id or contents in any file of the store. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CapturedContents,
  type ExecutionDraft,
  type Subject,
  sha256,
  systemClock,
} from "@colophon/kernel";
import { anActor, anExecution, aReleaseDraft, aText, aVersionDraft } from "@colophon/testkit";
import { describe, expect, test } from "vitest";
import { spoolDirOf } from "../spool/spool-dir-of.ts";
import { createSqliteSink } from "./sqlite-sink.ts";
import { SYSTEM_IDS as ids, openOn, type StoreFolder, storeFolder } from "./store-folder.fixture.ts";

/** Words that occur nowhere else. */
const ADA = "ada-zanzibar@example.org";
const VARIABLES = "the-quetzal-was-charged-twice";
const OUTPUT = "xylophone-billing-answer";
const BOB = "bob-kilimanjaro";

function adasRow(fields: Parameters<typeof anExecution>[1] = {}): ExecutionDraft {
  const contents = {
    inputDigest: sha256("in"),
    outputDigest: sha256("out"),
    variables: JSON.stringify({ ticket: VARIABLES.repeat(200) }),
    output: OUTPUT.repeat(300),
    days: null,
  };
  return anExecution(ids, { subjects: { user: ADA, document: "doc-1", session: "s1" }, contents, ...fields });
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The words of these that are in any file, and where. */
function traces({ folder }: StoreFolder, words: readonly string[]): readonly string[] {
  return filesUnder(folder).flatMap((path) => {
    const bytes = readFileSync(path);
    return words
      .filter((word) => bytes.includes(word))
      .map((word) => `${word} in ${path.slice(folder.length)}`);
  });
}

const ADAS: Subject = { kind: "user", value: ADA };

describe("Erasing a subject", () => {
  test("leaves no byte of its id and contents in the files, verify clean and the sums as they were", async () => {
    const folder = storeFolder();
    const store = await openOn(folder);
    const { records, ledger, care } = store;
    const text = { drafts: [aVersionDraft(), aReleaseDraft()], texts: [aText()], result: null };
    await records.append(() => text);
    for (let at = 0; at < 30; at++) {
      const others = anExecution(ids, {
        subjects: { user: BOB },
        contents: { ...(adasRow().contents as CapturedContents), variables: BOB, output: BOB },
      });
      await ledger.append([adasRow(), others]);
    }
    const subject = await records.findPseudonym(ADAS);
    const override = {
      kind: "override",
      by: anActor(),
      data: {
        key: "support.triage", version: 1, kind: "user", subject, environment: null, expires: null, reason: "her wish",
        evidence: [], breakGlass: null,
      },
    } as never; // biome-ignore format: a record read as a record
    await records.append(() => ({ drafts: [override], result: null }));
    expect(traces(folder, [ADA, VARIABLES, OUTPUT])).not.toEqual([]);
    const before = [await ledger.listRollups({}), await ledger.listExecutions({ limit: 100 })];
    const counts = await care.erase(ADAS, anActor());
    expect(counts).toEqual({ executions: 30, contents: 30, compacted: true });
    expect(traces(folder, [ADA, VARIABLES, OUTPUT])).toEqual([]);
    expect(traces(folder, [BOB])).not.toEqual([]);
    expect([await ledger.listRollups({}), await ledger.listExecutions({ limit: 100 })]).toEqual(before);
    expect((await care.verify()).findings).toEqual([]);
  });

  test("reaches rows that wait in the spool of a living process", async () => {
    const folder = storeFolder();
    const store = await openOn(folder);
    const sink = createSqliteSink({
      file: folder.file,
      spoolDir: spoolDirOf(folder.file),
      clock: systemClock,
      ids,
      onNotice: () => undefined,
    });
    folder.onDone(() => sink.close());
    const holder = await openOn(folder);
    const release = await lockUntil(folder);
    expect([sink.write(adasRow()), sink.write(adasRow())]).toContain("spooled");
    expect(traces(folder, [ADA, VARIABLES]).some((trace) => trace.includes("spool"))).toBe(true);
    setTimeout(release, 100);
    const counts = await store.care.erase(ADAS, anActor());
    expect(counts).toMatchObject({ executions: 2, contents: 2, compacted: true });
    expect(traces(folder, [ADA, VARIABLES, OUTPUT])).toEqual([]);
    expect((await holder.care.verify()).findings).toEqual([]);
  });

  test("says that the bytes are still there while a reader holds the former state, and compacts when run again", async () => {
    const folder = storeFolder();
    const store = await openOn(folder);
    await store.ledger.append([adasRow()]);
    const { DatabaseSync } = await import("node:sqlite");
    const reader = new DatabaseSync(folder.file, { readOnly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM execution").get();
    expect(await store.care.erase(ADAS, anActor())).toEqual({ executions: 1, contents: 1, compacted: false });
    expect(traces(folder, [ADA])).not.toEqual([]);
    reader.close();
    expect(await store.care.erase(ADAS, anActor())).toEqual({ executions: 0, contents: 0, compacted: true });
    expect(traces(folder, [ADA, VARIABLES, OUTPUT])).toEqual([]);
  });
});

/** Holds the write lock as another program would. */
async function lockUntil({ file, onDone }: StoreFolder): Promise<() => void> {
  const { DatabaseSync } = await import("node:sqlite");
  const holder = new DatabaseSync(file);
  holder.exec("BEGIN IMMEDIATE");
  let held = true;
  const release = (): void => {
    if (held) holder.close();
    held = false;
  };
  onDone(release);
  return release;
}
