/** Tests backups and routes on a real store: what the registry names reaches applications that run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { modelChoice, type RecordDraft, systemClock } from "@colophon/kernel";
import { createSqliteRecordStore, openSqliteCore } from "@colophon/storage/sqlite/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { openEmbedded } from "./open-embedded.ts";

/** Looked for often, and given up only where a busy machine would have had it long ago. */
const SOON = { timeout: 20_000, interval: 10 };

const KEY = "embedded.backups";
const prompt = definePrompt({
  key: KEY,
  model: "gpt-5-mini",
  backup: "claude-haiku",
  routes: { cheap: "gpt-5-nano" },
  input: z.object({ ticket: z.string() }),
  body: "Sort: {{ticket}}",
});

let folder: string;
let colophon: ReturnType<typeof openEmbedded>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-backups-"));
  colophon = openEmbedded({ store: folder, pollMs: 10, fallback: { on: ["overloaded"] } }, {});
});
afterEach(async () => {
  await colophon.close();
  rmSync(folder, { recursive: true, force: true });
});

const models = (route?: string) => colophon.resolve(prompt, { route }).models.map(({ model }) => model.id);

async function append(draft: RecordDraft): Promise<void> {
  const file = join(folder, "store.db");
  const core = openSqliteCore({ file, mode: "write", clock: systemClock, openTimeout: 1_000 });
  try {
    await createSqliteRecordStore(core).append(() => ({ drafts: [draft], result: null }));
  } finally {
    core.close();
  }
}

function named(backup: readonly string[], cheap: string): RecordDraft {
  const facts = { purpose: null, owner: null, risk: "medium", tags: [], evalSet: null } as const;
  const routes = { cheap: modelChoice(cheap) };
  const data = { key: KEY, ...facts, backup: backup.map((id) => modelChoice(id)), routes };
  return { kind: "metadata", by: { id: "test", via: "cli" }, data };
}

describe("the models of a prompt on a store", () => {
  it("follow the registry without a deploy", async () => {
    expect([models(), models("cheap")[0]]).toEqual([["gpt-5-mini", "claude-haiku"], "gpt-5-nano"]);
    await colophon.flush();
    await append(named(["gpt-5", "claude-haiku"], "claude-haiku"));
    await vi.waitFor(() => expect(models()).toEqual(["gpt-5-mini", "gpt-5", "claude-haiku"]), SOON);
    expect(models("cheap")).toEqual(["claude-haiku", "gpt-5-mini", "gpt-5"]);
    await append(named([], "gpt-5"));
    await vi.waitFor(() => expect(models()).toEqual(["gpt-5-mini"]), SOON);
  });

  it("leave a row for each attempt, with the chain of fallbacks in the ledger", async () => {
    const call = colophon.resolve(prompt);
    const overloaded = Object.assign(new Error("busy"), { status: 529 });
    const begun: unknown[] = [];
    const send = async (p: { readonly model: { readonly id: string } }): Promise<string> => {
      begun.push(call.executionId);
      if (p.model.id === "gpt-5-mini") throw overloaded;
      return "billing";
    };
    await expect(call.record({ ticket: "T" }, send, { fallback: true })).resolves.toBe("billing");
    const limited = Object.assign(new Error("slow down"), { status: 429 });
    const refused = call.record({ ticket: "T" }, () => Promise.reject(limited), { fallback: true });
    await expect(refused).rejects.toBe(limited);
    await colophon.flush();
    const db = new DatabaseSync(join(folder, "store.db"), { readOnly: true });
    const rows = db
      .prepare("SELECT flags / 64 AS attempt, extra ->> 'fallbackOf' AS before FROM execution ORDER BY n")
      .all();
    db.close();
    expect(rows).toEqual([
      { attempt: 1, before: null },
      { attempt: 2, before: begun[0] },
      { attempt: 1, before: null },
    ]);
  });
});
