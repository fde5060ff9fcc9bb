/** Versions that nobody has released, asked for by number on a real embedded store: there at the first call. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  buildText,
  hashBody,
  hashText,
  type RecordDraft,
  systemClock,
  type TextParts,
  type VersionText,
} from "@colophon/kernel";
import { createSqliteRecordStore, openSqliteCore } from "@colophon/storage/sqlite/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { Colophon } from "../colophon.ts";
import { definePrompt } from "../define/define-prompt.ts";
import type { Variables } from "../open-options.ts";
import { type EmbeddedOptions, openEmbedded } from "./open-embedded.ts";

const KEY = "pinned.triage";
/** So long that nothing is seen unless it is looked for. */
const NEVER_MS = 3_600_000;
const INPUT = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };

const triage = definePrompt({
  key: KEY,
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "From the code: {{ticket}}",
});

let folder: string;
const opened: Colophon[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-pinned-"));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((colophon) => colophon.close()));
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, ".colophon", "store.db");

function open(options: EmbeddedOptions = {}, variables: Variables = {}): Colophon {
  const given = { store: join(folder, ".colophon"), mirror: false, pollMs: NEVER_MS, ...options };
  const colophon = openEmbedded({ onNotice: () => undefined, ...given }, variables);
  opened.push(colophon);
  return colophon;
}

function textOf(body: string, more: Partial<TextParts> = {}): VersionText {
  return buildText({ body, model: "gpt-5-mini", input: INPUT, ...more });
}

/** Another process's hand on the store, which makes it where there is none: versions and no release. */
async function registerTexts(texts: Readonly<Record<string, VersionText>>): Promise<void> {
  const made = Object.entries(texts).map(([pin, text]) => {
    const [key = "", number] = pin.split("@v");
    const hashes = { hash: hashText(text), bodyHash: hashBody(text) };
    const draft: RecordDraft = {
      kind: "version",
      by: { id: "test", via: "cli" },
      data: {
        ...{ key, version: Number(number), ...hashes, parent: null },
        ...{ author: "test", message: null, source: "code", commit: null },
      },
    };
    return { draft, text };
  });
  const core = openSqliteCore({ file: file(), mode: "create", clock: systemClock, openTimeout: 1_000 });
  await createSqliteRecordStore(core).append(() => ({
    drafts: made.map(({ draft }) => draft),
    texts: made.map(({ text }) => text),
    result: null,
  }));
  core.close();
}

function register(...numbers: readonly number[]): Promise<void> {
  const texts = numbers.map((version) => [`${KEY}@v${version}`, textOf(`v${version}: {{ticket}}`)]);
  return registerTexts(Object.fromEntries(texts));
}

/** Keeps everybody else off the store, readers too, until what it returns is called. */
function lock(): () => void {
  const db = new DatabaseSync(file());
  db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  return () => db.close();
}

const words = (colophon: Colophon, version: `v${bigint}`): string =>
  colophon.resolve(colophon.get(KEY, { version })).render({ ticket: "t" }).text;

test("A version that was never released is served at the first call of its handle", async () => {
  await register(1, 2);
  const colophon = open();
  expect(words(colophon, "v2")).toBe("v2: t");
  expect(words(colophon, "v1")).toBe("v1: t");
});

test("So is one that another process has registered since the last look, and the handle of another open store", async () => {
  await register(1);
  const colophon = open();
  const other = open();
  await register(2);
  const handle = other.get(KEY, { version: "v2" });
  expect(colophon.resolve(handle).render({ ticket: "t" }).text).toBe("v2: t");
  expect(other.resolve(handle).render({ ticket: "t" }).text).toBe("v2: t");
});

test("So is one that COLOPHON_PIN names, and one that a conversation is pinned to, or that was prefetched with it", async () => {
  await register(1, 2, 3);
  const pinned = open({}, { COLOPHON_PIN: `${KEY}@v3` });
  expect(pinned.resolve(triage).resolution).toMatchObject({ version: 3, reason: "pinned" });
  const colophon = open();
  const pin = `${KEY}@v1`;
  expect(colophon.resolve(triage, { pin }).resolution).toMatchObject({ version: 1, reason: "pinned" });
  await colophon.prefetch({ user: "ada", pin: `${KEY}@v2` });
  expect(words(colophon, "v2")).toBe("v2: t");
});

test("One that COLOPHON_PIN names and nobody has is said once, and served when it is there", async () => {
  const notices: string[] = [];
  const pins = { COLOPHON_PIN: `${KEY}@v1,pinned.other@v3,pinned.gone@v4` };
  await register(1);
  await registerTexts({ "pinned.other@v2": textOf("Other. {{ticket}}") });
  const colophon = open({ pollMs: 5, onNotice: (message) => notices.push(message) }, pins);
  await expect.poll(() => notices.length).toBe(2);
  await registerTexts({ "pinned.other@v3": textOf("Newer. {{ticket}}") });
  const handle = colophon.get("pinned.other", { version: "v2" });
  await expect.poll(() => colophon.resolve(handle).version).toBe(3);
  expect(notices).toEqual([
    expect.stringContaining("COLOPHON_PIN asks for pinned.other@v3, which the registry does not have"),
    expect.stringContaining("pinned.gone@v4"),
  ]);
});

test("One that nobody has is said to be missing, not to be on its way, and is served once it is there", async () => {
  await register(1);
  const colophon = open({ pollMs: 5 });
  const handle = colophon.get(KEY, { version: "v2" });
  const call = colophon.resolve(handle);
  expect(call.resolution.considered).toEqual([{ tier: "pin", outcome: "unknown-version", version: 2 }]);
  expect(() => call.render({ ticket: "t" })).toThrowError(
    expect.objectContaining({
      code: "version-unknown",
      message: `${KEY} has no text to serve here (pin v2 unknown-version); ask for a version that exists, release one that fits, or declare a default.`,
    }),
  );
  expect(await colophon.ready()).toMatchObject({ ready: true });
  await register(2);
  await expect.poll(() => colophon.resolve(handle).version).toBe(2);
});

test("A store that is not there yet is not made by asking, and serves as soon as it is", async () => {
  const colophon = open();
  expect(() => words(colophon, "v1")).toThrowError(/pin v1 unknown-version\)/);
  expect(existsSync(file())).toBe(false);
  await register(1, 2);
  expect(words(colophon, "v2")).toBe("v2: t");
  expect(words(colophon, "v1")).toBe("v1: t");
});

test("A store that is locked throws nothing: the call says what to await, and both ways of waiting end with the lock", async () => {
  await register(1, 2);
  const unlock = lock();
  const colophon = open({ pollMs: 5 });
  const handle = colophon.get(KEY, { version: "v2" });
  expect(() => colophon.resolve(handle).render({ ticket: "t" })).toThrowError(
    expect.objectContaining({
      code: "version-unknown",
      message: expect.stringMatching(
        /pin v2 unknown-version not fetched yet.*; await colophon\.ready\(\) or colophon\.prefetch\(\) before its first call\.$/,
      ),
    }),
  );
  // Whoever waits before a call is not made to wait for what cannot be had.
  await colophon.prefetch([`${KEY}@v1`]);
  expect(() => words(colophon, "v1")).toThrowError(/not fetched yet/);
  const ready = colophon.ready({ timeoutMs: 60_000 });
  setTimeout(unlock, 20);
  expect(await ready).toMatchObject({ ready: true });
  expect(colophon.resolve(handle).render({ ticket: "t" }).text).toBe("v2: t");
  expect(words(colophon, "v1")).toBe("v1: t");
});

test("However many pins come that nobody has, the next that somebody has is served at the first call", async () => {
  await register(1);
  const colophon = open();
  for (let turn = 1; turn <= 1_001; turn++) colophon.resolve(triage, { pin: `${KEY}@v${turn + 1}` });
  expect(colophon.resolve(triage, { pin: `${KEY}@v1` }).resolution.reason).toBe("pinned");
});

test("What is no pin, as one that was never stored, is prefetched without a word", async () => {
  await register(1);
  const colophon = open();
  for (const none of [null, undefined, "", [null, "v1"], { pin: null }])
    await colophon.prefetch(none as never);
  expect(words(colophon, "v1")).toBe("v1: t");
});

test("A partial that such a version pins comes with it", async () => {
  const shared = buildText({ body: "Be kind.", model: "gpt-5-mini", input: { type: "object" } });
  const pin = "pinned.shared@v2";
  await registerTexts({
    [`${KEY}@v1`]: textOf(`{{> ${pin}}} {{ticket}}`, { partialHashes: { [pin]: hashText(shared) } }),
    [pin]: shared,
  });
  expect(words(open(), "v1")).toBe("Be kind. t");
});
