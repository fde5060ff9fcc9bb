/** Modules that are loaded more than once in one process, as frameworks and dev servers do. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@colophon/kernel";
import { createSqliteRecordStore, openSqliteCore } from "@colophon/storage/sqlite/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";

const input = z.object({ ticket: z.string() });

type Sdk = typeof import("../node.ts");

/** A copy of the whole SDK, with module state of its own. */
async function anotherCopy(): Promise<Sdk> {
  vi.resetModules();
  return await import("../node.ts");
}

let folder: string;
let store: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-reuse-"));
  store = join(folder, ".colophon");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const body = (words: string): string => `${words}: {{ticket}}`;

describe("two copies of the SDK in one process", () => {
  it("know each other's prompts, and refuse two contents under one key", async () => {
    const one = await anotherCopy();
    const prompt = one.definePrompt({ key: "reuse.both", model: "gpt-5-mini", input, body: body("One") });
    const other = await anotherCopy();
    expect(other.definePrompt).not.toBe(one.definePrompt);
    const colophon = other.open({ store });
    const call = colophon.resolve(prompt, {});
    expect(call.render({ ticket: "x" }).text).toBe("One: x");
    expect(() =>
      other.definePrompt({ key: "reuse.both", model: "gpt-5-mini", input, body: body("Two") }),
    ).toThrowError(expect.objectContaining({ code: "declaration-conflict" }));
    await colophon.close();
  });

  it("share what was opened to be reused, until it is closed", async () => {
    const one = await anotherCopy();
    const first = one.open({ store, reuse: true });
    const other = await anotherCopy();
    expect(other.open({ store, reuse: true })).toBe(first);
    expect(other.open({ store, reuse: true, environment: "staging" })).not.toBe(first);
    const apart = other.open({ store });
    expect(apart).not.toBe(first);
    await first.close();
    const anew = other.open({ store, reuse: true });
    expect(anew).not.toBe(first);
    await Promise.all([apart.close(), anew.close()]);
    await other.open({ store, reuse: true, environment: "staging" }).close();
  });

  it("give nobody what was closed because the process seemed to be over", async () => {
    const sdk = await anotherCopy();
    const before = process.listeners("beforeExit");
    const first = sdk.open({ store, reuse: true });
    for (const listener of process.listeners("beforeExit")) if (!before.includes(listener)) listener(0);
    const anew = sdk.open({ store, reuse: true });
    expect(anew).not.toBe(first);
    await Promise.all([first.close(), anew.close()]);
  });
});

describe("a module that is evaluated again in development", () => {
  it("serves and mirrors the newer text without an error", async () => {
    vi.stubEnv("NODE_ENV", "development");
    const sdk = await anotherCopy();
    const notices: string[] = [];
    const colophon = sdk.open({ store, onNotice: (message) => notices.push(message) });
    const before = sdk.definePrompt({ key: "reuse.hot", model: "gpt-5-mini", input, body: body("Before") });
    await colophon.flush();
    const after = sdk.definePrompt({ key: "reuse.hot", model: "gpt-5-mini", input, body: body("After") });
    expect(colophon.resolve(after, {}).render({ ticket: "x" }).text).toBe("After: x");
    expect(colophon.resolve(before, {}).render({ ticket: "x" }).text).toBe("Before: x");
    await colophon.flush();
    await colophon.close();
    expect(notices).toEqual([]);
    const core = openSqliteCore({ file: join(store, "store.db"), mode: "read", clock: systemClock });
    const records = await createSqliteRecordStore(core).listRecords({
      kinds: ["declaration"],
      key: "reuse.hot",
    });
    core.close();
    const declared = records.map(({ data }) => (data as { readonly hash: string }).hash);
    expect(declared).toEqual([before.hash, after.hash]);
  });
});

describe("a build of Next.js", () => {
  it("loads every module and writes no store", async () => {
    vi.stubEnv("NEXT_PHASE", "phase-production-build");
    const sdk = await anotherCopy();
    sdk.definePrompt({ key: "reuse.build", model: "gpt-5-mini", input, body: body("Built") });
    const colophon = sdk.open({ store });
    await colophon.flush();
    await colophon.close();
    expect(existsSync(store)).toBe(false);
  });
});
