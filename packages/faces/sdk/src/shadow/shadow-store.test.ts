/** Repeats on a real store: begun and ended by records of a rollout, recorded as rows, and cut off by a crash. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { buildText, hashBody, hashText, type RecordDraft, systemClock } from "@colophon/kernel";
import { openSqliteStore } from "@colophon/storage/sqlite";
import { aRolloutDraft } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { type EmbeddedOptions, openEmbedded } from "../embedded/open-embedded.ts";

const KEY = "shadow.triage";
const by = { id: "test", via: "cli" } as const;
const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
const TEXTS = ["1", "2"].map((word) => buildText({ body: `${word} {{ticket}}`, model: "gpt-5-mini", input }));
const triage = definePrompt({
  key: KEY,
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "1 {{ticket}}",
});

let folder: string;
let store: Awaited<ReturnType<typeof openSqliteStore>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-shadow-"));
  store = await openSqliteStore({ file: join(folder, "store.db"), mode: "create", clock: systemClock });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function append(...drafts: readonly RecordDraft[]): Promise<unknown> {
  return store.records.append(() => ({ drafts, texts: TEXTS, result: null }));
}

function versionDraft(version: number): RecordDraft {
  const text = TEXTS[version - 1] as (typeof TEXTS)[number];
  const made = { author: "t", message: null, parent: null, source: "file", commit: null } as const;
  return {
    kind: "version",
    by,
    data: { key: KEY, version, hash: hashText(text), bodyHash: hashBody(text), ...made },
  };
}

const RELEASE: RecordDraft = {
  kind: "release",
  by,
  data: {
    key: KEY,
    environment: "production",
    lane: "live",
    version: 1,
    model: null,
    fingerprint: null,
    reason: "t",
    evidence: [],
    breakGlass: null,
    rollbackFrom: null,
    set: null,
  },
};

function rolloutDraft(id: string, state: "shadowing" | "stopped"): RecordDraft {
  const shadow = { version: 2, rate: 1, concurrency: 4, calls: 3 };
  const arms = [{ version: 2, share: 0 }];
  return {
    ...aRolloutDraft({ id, key: KEY, environment: "production", state, arms, control: 0, shadow, step: -1 }),
    by,
  };
}

async function open(options: EmbeddedOptions = {}) {
  const settings = { store: folder, environment: "production", mirror: false, pollMs: 5 };
  const colophon = openEmbedded({ ...settings, onNotice: () => undefined, ...options }, {});
  await colophon.ready();
  const call = async () => {
    await colophon.resolve(triage, { user: "ada" }).record({ ticket: "T" }, async (p) => `to ${p.text}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { colophon, call };
}

async function lanes(): Promise<readonly string[]> {
  const rows = await store.ledger.listExecutions({ prompt: KEY, order: "oldest-first" });
  return rows.map(({ lane, version, purpose }) => `${purpose} ${lane} v${version}`);
}

describe("a rollout that shadows its challenger", () => {
  it("has live calls repeated without a word in the application, as many as it says, until it ends", async () => {
    await append(versionDraft(1), versionDraft(2), RELEASE, rolloutDraft("r-first", "shadowing"));
    const { colophon, call } = await open();
    await call();
    await colophon.flush();
    expect(await lanes()).toEqual(["serve live v1", "shadow shadow v2"]);
    for (let count = 0; count < 5; count++) await call();
    await colophon.flush();
    expect((await lanes()).filter((lane) => lane.startsWith("shadow"))).toHaveLength(3);
    await append(rolloutDraft("r-second", "shadowing"));
    const revision = (await store.records.state()).revision;
    while ((colophon.status().revision ?? 0) < revision)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await call();
    await append(rolloutDraft("r-second", "stopped"));
    while ((colophon.status().revision ?? 0) <= revision)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await call();
    await colophon.close();
    expect((await lanes()).filter((lane) => lane.startsWith("shadow"))).toHaveLength(4);
    const rows = await store.ledger.listExecutions({ prompt: KEY });
    const ids = new Map(rows.map((row) => [row.id, row]));
    for (const shadow of rows.filter(({ lane }) => lane === "shadow")) {
      expect(shadow.parent !== null && ids.get(shadow.parent)?.lane).toBe("live");
      // What it was made with can be read back: the plan of its revision named its version.
      const state = await store.records.stateAt({ revision: shadow.revision ?? 0 });
      expect(state.prompts.get(KEY)?.rollouts.get("production")?.shadow?.version).toBe(shadow.version);
    }
    expect((await store.care.verify()).findings).toEqual([]);
  });

  it("repeats nothing where the application forbids it", async () => {
    await append(versionDraft(1), versionDraft(2), RELEASE, rolloutDraft("r-off", "shadowing"));
    const { colophon, call } = await open({ shadow: false });
    await call();
    await colophon.close();
    expect(colophon.status().shadow).toBeNull();
    expect(await lanes()).toEqual(["serve live v1"]);
  });

  it("loses no live row when the process is killed in the middle of its repeats", async () => {
    await append(versionDraft(1), versionDraft(2), RELEASE, rolloutDraft("r-killed", "shadowing"));
    const file = fileURLToPath(new URL("shadowed-application.fixture.ts", import.meta.url));
    const child = spawn(process.execPath, [file, folder, KEY], { stdio: ["ignore", "pipe", "inherit"] });
    const live: string[] = [];
    let repeats = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as { readonly live?: string; readonly repeats?: string };
      if (said.live !== undefined) live.push(said.live);
      if (said.repeats !== undefined) repeats += 1;
      if (live.length === 3 && repeats === 3) child.kill("SIGKILL");
    }
    const rows = await store.ledger.listExecutions({ prompt: KEY });
    expect(rows.map(({ id }) => id as string).sort()).toEqual(live.sort());
    expect(rows.map(({ lane, status }) => `${lane} ${status}`)).toEqual(Array(3).fill("live ok"));
    expect((await store.care.verify()).findings).toEqual([]);
  });
});
