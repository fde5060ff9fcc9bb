/** The SDK on a real embedded store: one process, other processes, and stores in trouble. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type RecordDraft, systemClock } from "@colophon/kernel";
import { createSqliteRecordStore, openSqliteCore } from "@colophon/storage/sqlite/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { type EmbeddedOptions, openEmbedded } from "./open-embedded.ts";

/** Looked for often, and given up only where a busy machine would have had it long ago. */
const SOON = { timeout: 20_000, interval: 10 };

const triage = definePrompt({
  key: "embedded.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "From the code: {{ticket}}",
});

const answer = (content: string): object => ({
  object: "chat.completion",
  model: "gpt-5-mini-x",
  choices: [{ finish_reason: "stop", message: { content } }],
  usage: { prompt_tokens: 5, completion_tokens: 1 },
});

let folder: string;
const opened: { close(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-sdk-"));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((colophon) => colophon.close()));
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly colophon: ReturnType<typeof openEmbedded>;
  readonly notices: string[];
}

function open(options: EmbeddedOptions = {}): Opened {
  const notices: string[] = [];
  const store = join(folder, ".colophon");
  const colophon = openEmbedded(
    { store, pollMs: 20, onNotice: (message) => notices.push(message), ...options },
    {},
  );
  opened.push(colophon);
  return { colophon, notices };
}

/** Another process's hand on the store: registers the text in the code with another body, and more. */
async function append(...drafts: RecordDraft[]): Promise<void> {
  const core = openSqliteCore({
    file: join(folder, ".colophon", "store.db"),
    mode: "write",
    clock: systemClock,
    openTimeout: 1_000,
  });
  try {
    await createSqliteRecordStore(core).append(() => ({ drafts, result: null }));
  } finally {
    core.close();
  }
}

const by = { id: "test", via: "cli" } as const;

function release(version: number | null): RecordDraft {
  return {
    kind: "release",
    by,
    data: {
      key: "embedded.triage",
      environment: "production",
      lane: "live",
      version,
      model: null,
      fingerprint: null,
      reason: "test",
      evidence: [],
      breakGlass: null,
      rollbackFrom: null,
      set: null,
    },
  };
}

function rows(): readonly Record<string, unknown>[] {
  const db = new DatabaseSync(join(folder, ".colophon", "store.db"), { readOnly: true });
  try {
    return db.prepare("SELECT * FROM execution ORDER BY n").all() as Record<string, unknown>[];
  } finally {
    db.close();
  }
}

describe("open() on the embedded store", () => {
  it("creates nothing before the first write, and mirrors the prompts of the code as the first one", async () => {
    const { colophon } = open({ environment: "production" });
    expect(readdirSync(folder)).toEqual([]);
    await colophon.flush();
    expect(readdirSync(folder)).toEqual([".colophon"]);
    await vi.waitFor(() => expect(colophon.status().revision).toBeGreaterThan(3), SOON);
    expect(colophon.resolve(triage).resolution).toMatchObject({
      tier: "default",
      reason: "no-release",
      version: null,
    });
  });

  it("numbers a text in production and not in development", async () => {
    const kinds = async (environment: string): Promise<readonly string[]> => {
      const { colophon } = open({ environment });
      await colophon.flush();
      const core = openSqliteCore({
        file: join(folder, ".colophon", "store.db"),
        mode: "read",
        clock: systemClock,
      });
      const records = await createSqliteRecordStore(core).listRecords({ key: "embedded.triage" });
      core.close();
      return records.map((record) => record.kind);
    };
    expect(await kinds("development")).toEqual(["declaration"]);
    expect(await kinds("production")).toEqual(["declaration", "declaration", "version"]);
    expect(await kinds("production")).toEqual(["declaration", "declaration", "version"]);
  });

  it("serves a release of another process without a restart, and takes it back", async () => {
    const { colophon } = open({ environment: "production" });
    await colophon.flush();
    await append(release(1));
    await vi.waitFor(
      () => expect(colophon.resolve(triage).resolution).toMatchObject({ version: 1, tier: "environment" }),
      SOON,
    );
    await append({ kind: "withdrawal", by, data: { key: "embedded.triage", version: 1, reason: "test" } });
    await vi.waitFor(
      () =>
        expect(colophon.resolve(triage).resolution).toMatchObject({
          tier: "default",
          reason: "withdrawn",
          errorCode: "withdrawn",
        }),
      SOON,
    );
  });

  it("has the row in the store when record() has returned", async () => {
    const { colophon } = open();
    const call = colophon.resolve(triage, {
      user: "ada",
      tenant: "acme",
      document: "d1",
      documentType: "contract",
      session: "s",
    });
    await call.record({ ticket: "x" }, async () => answer("bug"));
    const [row] = rows();
    expect(row).toBeDefined();
    expect(JSON.stringify(row)).not.toContain('"ada"');
  });

  it("shares one file with another application", async () => {
    const [one, other] = [open(), open()];
    for (let turn = 0; turn < 20; turn++) {
      for (const { colophon } of [one, other]) {
        await colophon
          .resolve(triage, { user: `u${turn}` })
          .record({ ticket: "x" }, async () => answer("bug"));
      }
    }
    await Promise.all([one.colophon.flush(), other.colophon.flush()]);
    expect(rows()).toHaveLength(40);
  });

  it("answers while the store is locked, and the rows follow when it is free", async () => {
    const { colophon } = open();
    await colophon.resolve(triage).record({ ticket: "first" }, async () => answer("bug"));
    const locker = new DatabaseSync(join(folder, ".colophon", "store.db"));
    locker.exec("BEGIN IMMEDIATE");
    for (let turn = 0; turn < 50; turn++) {
      await colophon.resolve(triage).record({ ticket: "x" }, async () => answer("bug"));
    }
    expect(rows()).toHaveLength(1);
    locker.exec("COMMIT");
    locker.close();
    await colophon.flush();
    expect(rows()).toHaveLength(51);
  });

  it("answers from the code when the store is damaged, says so once, and keeps the rows beside it", async () => {
    mkdirSync(join(folder, ".colophon"));
    writeFileSync(join(folder, ".colophon", "store.db"), "this is no database, not at all".repeat(200));
    const { colophon, notices } = open();
    const call = colophon.resolve(triage);
    expect(call.resolution).toMatchObject({ tier: "default", reason: "not-ready" });
    await call.record({ ticket: "x" }, async () => answer("bug"));
    expect(call.render({ ticket: "y" }).text).toBe("From the code: y");
    expect(await colophon.ready({ timeoutMs: 10 })).toMatchObject({
      ready: false,
      reason: expect.stringMatching(/damaged|no Colophon store/),
    });
    expect(notices.length).toBeGreaterThan(0);
    expect(new Set(notices).size).toBe(notices.length);
    expect(readdirSync(join(folder, ".colophon", "spool"), { recursive: true }).length).toBeGreaterThan(0);
  });

  it("works from memory with one warning where nothing can be written", async () => {
    writeFileSync(join(folder, "file"), "a file where a folder would have to be");
    const { colophon, notices } = open({ store: join(folder, "file", ".colophon") });
    for (let turn = 0; turn < 3; turn++) {
      await colophon.resolve(triage).record({ ticket: "x" }, async () => answer("bug"));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(notices).toHaveLength(1);
  });

  it("takes an environment variable that is empty as one that is not there", async () => {
    const variables = { COLOPHON_ENV: "", COLOPHON_STORE: "", COLOPHON_URL: join(folder, "url.db") };
    const colophon = openEmbedded({ onNotice: () => undefined }, variables);
    opened.push(colophon);
    expect(colophon.environment).toBe("development");
    await colophon.resolve(triage).record({ ticket: "x" }, async () => answer("bug"));
    await colophon.flush();
    expect(readdirSync(folder)).toContain("url.db");
  });

  it("obeys COLOPHON_OFF and COLOPHON_PIN", async () => {
    const { colophon } = open({ environment: "production" });
    await colophon.flush();
    await append(release(1));
    const store = join(folder, ".colophon");
    const off = openEmbedded({ store, environment: "production" }, { COLOPHON_OFF: "1" });
    const pinned = openEmbedded({ store }, { COLOPHON_PIN: "embedded.triage@v1" });
    opened.push(off, pinned);
    expect(off.resolve(triage).resolution).toMatchObject({ tier: "default", reason: "off" });
    expect(pinned.resolve(triage).resolution).toMatchObject({ version: 1, tier: null, reason: "pinned" });
    expect(() => openEmbedded({ store }, { COLOPHON_PIN: "embedded.triage@latest" })).toThrowError(
      /write key@v6/,
    );
  });

  it("refuses a server's address with one sentence", () => {
    expect(() => openEmbedded({}, { COLOPHON_URL: "https://colophon.example" })).toThrowError(
      expect.objectContaining({ code: "store-unsupported" }),
    );
  });

  it("pins a conversation to the version it began with", async () => {
    const { colophon } = open({ environment: "production" });
    await colophon.flush();
    await append(release(1));
    await vi.waitFor(() => expect(colophon.resolve(triage).version).toBe(1), SOON);
    const { pin } = colophon.resolve(triage);
    await append(release(null));
    await vi.waitFor(() => expect(colophon.resolve(triage).version).toBe(null), SOON);
    expect(colophon.resolve(triage, { pin }).resolution).toMatchObject({ version: 1, reason: "pinned" });
  });
});
