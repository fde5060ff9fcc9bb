/** Several applications on one store, while somebody releases: nothing is lost, and everybody follows. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildText, hashBody, hashText, type RecordDraft, systemClock } from "@colophon/kernel";
import { openSqliteStore } from "@colophon/storage/sqlite";
import { expect, it } from "vitest";

const KEY = "many.triage";
const by = { id: "test", via: "cli" } as const;
const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
const TEXTS = ["one", "two"].map((word) =>
  buildText({ body: `${word} {{ticket}}`, model: "gpt-5-mini", input }),
);

interface Said {
  readonly id: string;
  readonly version: number | null;
  readonly revision: number;
}

interface Application {
  readonly said: Said[];
  stop(): Promise<void>;
}

function start(store: string, name: string): Application {
  const file = fileURLToPath(new URL("application.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [file, store, name], { stdio: ["pipe", "pipe", "inherit"] });
  const said: Said[] = [];
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    said.push(...lines.map((line) => JSON.parse(line) as Said));
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${name} ended with ${code}`))));
  });
  return {
    said,
    stop: async () => {
      child.stdin.end("stop\n");
      await ended;
    },
  };
}

/** Waits until every application has got so far; says where each one stands when that does not come. */
async function untilAll(
  applications: readonly Application[],
  holds: (said: readonly Said[]) => boolean,
): Promise<void> {
  for (let turn = 0; !applications.every(({ said }) => holds(said)); turn++) {
    const stand = applications.map(({ said }) => JSON.stringify({ calls: said.length, last: said.at(-1) }));
    if (turn > 2_000) throw new Error(`The applications do not follow: ${stand.join(" ")}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function versionDraft(version: number): RecordDraft {
  const text = TEXTS[version - 101] as (typeof TEXTS)[number];
  const data = {
    key: KEY,
    version,
    hash: hashText(text),
    bodyHash: hashBody(text),
    author: "t",
    message: null,
    parent: null,
  };
  return { kind: "version", by, data: { ...data, source: "file", commit: null } };
}

function releaseDraft(version: number): RecordDraft {
  const data = {
    key: KEY,
    environment: "production",
    lane: "live",
    version,
    model: null,
    fingerprint: null,
  } as const;
  return {
    kind: "release",
    by,
    data: { ...data, reason: "t", evidence: [], breakGlass: null, rollbackFrom: null, set: null },
  };
}

it("two applications write while a third process releases: every row is there with the version it was served", async () => {
  const folder = mkdtempSync(join(tmpdir(), "colophon-many-"));
  const place = join(folder, ".colophon");
  try {
    const applications = [start(place, "ada"), start(place, "bob")];
    await untilAll(applications, (said) => said.length > 20);
    const store = await openSqliteStore({ file: join(place, "store.db"), mode: "write", clock: systemClock });
    await store.records.append(() => ({
      drafts: [versionDraft(101), versionDraft(102)],
      texts: TEXTS,
      result: null,
    }));
    for (const version of [101, 102, 101, 102, 101, 102]) {
      const { records } = await store.records.append(() => ({
        drafts: [releaseDraft(version)],
        result: null,
      }));
      const revision = records[0]?.revision ?? 0;
      await untilAll(applications, (said) => (said.at(-1)?.revision ?? 0) >= revision);
    }
    await Promise.all(applications.map((application) => application.stop()));
    const said = applications.flatMap((application) => application.said);
    const rows = await store.ledger.listExecutions({ limit: 1_000_000 });
    const served = new Map(rows.map((row) => [row.id as string, row.version]));
    expect(rows).toHaveLength(said.length);
    expect(said.filter((one) => served.get(one.id) !== one.version)).toEqual([]);
    expect(new Set(said.map((one) => one.version))).toEqual(new Set([null, 101, 102]));
    expect(applications.map(({ said: own }) => own.at(-1)?.version)).toEqual([102, 102]);
    expect((await store.care.verify()).findings).toEqual([]);
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
