/** What every SnapshotSource keeps to, as tests that an adapter runs on itself. */
import {
  FIRST_ENVIRONMENTS,
  hashText,
  type Pseudonym,
  type RecordDraft,
  type RecordStore,
  type SnapshotChange,
  type SnapshotDocument,
  type SnapshotPrompt,
  type SnapshotSource,
  type StoreCare,
  type VersionText,
} from "@colophon/kernel";
import { describe, expect, test, vi } from "vitest";
import { aText } from "../builders/a-text.ts";
import { anActor } from "../builders/an-actor.ts";
import {
  anEnvironmentDraft,
  anOverrideDraft,
  aReleaseDraft,
  aVersionDraft,
  aWithdrawalDraft,
} from "../builders/record-drafts.ts";
import { type Fresh, freshly, type StoreParts } from "./opened-store.ts";

export interface OpenedSource {
  /** Not started yet. */
  readonly source: SnapshotSource;
  /** The registry that the source feeds from. */
  readonly records: RecordStore;
  readonly care: StoreCare;
  /** May be called twice, and after the source was closed. */
  dispose(): void | Promise<void>;
}

export interface SourceContract {
  readonly name: string;
  /** Whether the first snapshot is at hand when the source starts, or has to be fetched. */
  readonly first: "at-once" | "soon";
  open(parts: StoreParts): OpenedSource | Promise<OpenedSource>;
}

type Open = () => Promise<Fresh<OpenedSource>>;

const KEY = "support.triage";
const FIRST = aText({ body: "One. {{ticket}}" });
const SECOND = aText({ body: "Two. {{ticket}}" });
const THIRD = aText({ body: "Three. {{ticket}}" });

/** A resolver's side: what was fed, added up as a resolver does. */
class Listener {
  readonly snapshots: SnapshotDocument[] = [];
  readonly changes: SnapshotChange[] = [];
  readonly prompts = new Map<string, SnapshotPrompt>();
  readonly texts = new Map<string, VersionText>();
  environments: readonly string[] = [];
  revision = -1;
  lost = 0;

  onSnapshot(document: SnapshotDocument): void {
    this.snapshots.push(document);
    this.prompts.clear();
    this.texts.clear();
    this.#take(document);
  }

  onChange(change: SnapshotChange): void {
    this.changes.push(change);
    expect(change.revision).toBeGreaterThanOrEqual(this.revision);
    this.#take(change);
  }

  onLost(): void {
    this.lost += 1;
  }

  onRecovered(): void {
    this.lost -= 1;
  }

  #take({ revision, environments, prompts, texts }: SnapshotDocument | SnapshotChange): void {
    this.revision = revision;
    this.environments = environments;
    for (const [key, prompt] of Object.entries(prompts)) this.prompts.set(key, prompt);
    for (const [hash, text] of Object.entries(texts)) this.texts.set(hash, text);
    for (const prompt of this.prompts.values()) {
      for (const { hash } of Object.values(prompt.versions)) expect(this.texts.has(hash), hash).toBe(true);
    }
  }
}

async function append(records: RecordStore, ...drafts: readonly RecordDraft[]): Promise<number> {
  await records.append(() => ({ drafts, texts: [FIRST, SECOND, THIRD], result: null }));
  return records.revision();
}

/** Versions 1 to 3, the first released to production. */
async function fill(records: RecordStore): Promise<number> {
  return await append(
    records,
    aVersionDraft(FIRST),
    aVersionDraft(SECOND, { version: 2 }),
    aVersionDraft(THIRD, { version: 3 }),
    aReleaseDraft(),
  );
}

async function started(open: Open) {
  const opened = await open();
  await fill(opened.records);
  const listener = new Listener();
  opened.source.start(listener);
  await fed(listener);
  return { ...opened, listener, arrived: (revision: number) => arrived(listener, revision) };
}

async function fed(listener: Listener): Promise<void> {
  await vi.waitFor(() => expect(listener.snapshots).toHaveLength(1), { timeout: 20_000, interval: 5 });
}

async function arrived(listener: Listener, revision: number): Promise<void> {
  await vi.waitFor(() => expect(listener.revision).toBe(revision), { timeout: 20_000, interval: 5 });
}

export function snapshotSourceContract(contract: SourceContract): void {
  describe(`${contract.name} as a SnapshotSource`, () => {
    const open = freshly(contract.open);
    firstSnapshotTests(contract, open);
    changeTests(open);
    wantTests(contract, open);
    closeTests(open);
  });
}

function firstSnapshotTests({ first }: SourceContract, open: Open): void {
  test("gives the whole registry first, before start returns where it is at hand", async () => {
    const { records, source } = await open();
    const revision = await fill(records);
    const listener = new Listener();
    source.start(listener);
    if (first === "soon") await fed(listener);
    expect(listener.snapshots).toHaveLength(1);
    expect(listener.snapshots[0]).toMatchObject({
      format: 1,
      revision,
      environments: [...FIRST_ENVIRONMENTS],
    });
    expect(listener.prompts.get(KEY)).toEqual({
      risk: "medium",
      versions: { 1: { hash: hashText(FIRST), withdrawn: false } },
      releases: { production: { version: 1, model: null, inherited: null, plan: null } },
      overrides: [],
    });
    expect(listener.texts.get(hashText(FIRST))).toEqual(FIRST);
  });

  test("gives an empty registry as a snapshot without prompts", async () => {
    const { source } = await open();
    const listener = new Listener();
    source.start(listener);
    await fed(listener);
    expect(listener.snapshots).toMatchObject([
      { prompts: {}, texts: {}, environments: [...FIRST_ENVIRONMENTS] },
    ]);
  });

  test("is plain data: a snapshot read back from JSON is the same", async () => {
    const { listener } = await started(open);
    const [snapshot] = listener.snapshots;
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });
}

function changeTests(open: Open): void {
  test("follows a release with the prompt it touched, and the text that is new", async () => {
    const { records, listener, arrived } = await started(open);
    await arrived(await append(records, aReleaseDraft({ version: 2 })));
    expect(listener.snapshots).toHaveLength(1);
    expect(listener.prompts.get(KEY)?.releases.production?.version).toBe(2);
    expect(listener.texts.get(hashText(SECOND))).toEqual(SECOND);
    expect(listener.changes.flatMap((change) => Object.keys(change.prompts))).toEqual([KEY]);
  });

  test("leaves prompts that were not touched out of a change", async () => {
    const { records, listener, arrived } = await started(open);
    await arrived(
      await append(records, aVersionDraft(FIRST, { key: "other" }), aReleaseDraft({ key: "other" })),
    );
    expect(listener.changes.flatMap((change) => Object.keys(change.prompts))).toEqual(["other"]);
    expect(new Set(listener.prompts.keys())).toEqual(new Set([KEY, "other"]));
  });

  test("follows a withdrawal and a rollback", async () => {
    const { records, listener, arrived } = await started(open);
    await arrived(await append(records, aReleaseDraft({ version: 2 }), aWithdrawalDraft({ version: 2 })));
    expect(listener.prompts.get(KEY)?.versions[2]?.withdrawn).toBe(true);
    await arrived(await append(records, aReleaseDraft({ version: 1, rollbackFrom: 2 })));
    expect(listener.prompts.get(KEY)?.releases.production?.version).toBe(1);
  });

  test("follows a new environment and what it inherits", async () => {
    const { records, listener, arrived } = await started(open);
    await arrived(await append(records, anEnvironmentDraft({ name: "preview", inherits: "production" })));
    expect(listener.environments).toEqual([...FIRST_ENVIRONMENTS, "preview"]);
    expect(listener.prompts.get(KEY)?.releases.preview).toMatchObject({
      version: 1,
      inherited: "production",
    });
  });

  test("names the subject of an override in plain, until it is cleared", async () => {
    const { records, listener, arrived } = await started(open);
    const ada = (await records.findPseudonym({ kind: "user", value: "ada" }, { create: true })) as Pseudonym;
    await arrived(await append(records, anOverrideDraft(ada, { version: 2, expires: 99 })));
    expect(listener.prompts.get(KEY)?.overrides).toEqual([
      { kind: "user", subject: "ada", version: 2, environment: null, expires: 99 },
    ]);
    expect(listener.prompts.get(KEY)?.versions[2]?.hash).toBe(hashText(SECOND));
    await arrived(await append(records, anOverrideDraft(ada, { version: null })));
    expect(listener.prompts.get(KEY)?.overrides).toEqual([]);
  });

  test("lets go of the overrides of a subject that was erased", async () => {
    const { records, care, listener, arrived } = await started(open);
    const ada = (await records.findPseudonym({ kind: "user", value: "ada" }, { create: true })) as Pseudonym;
    await arrived(await append(records, anOverrideDraft(ada, { version: 2 })));
    await care.erase({ kind: "user", value: "ada" }, anActor());
    await arrived(await records.revision());
    expect(listener.prompts.get(KEY)?.overrides).toEqual([]);
    expect(JSON.stringify([...listener.prompts.values()])).not.toContain('"ada"');
  });

  test("misses none of many changes", async () => {
    const { records, listener, arrived } = await started(open);
    for (let at = 0; at < 30; at++) {
      await append(
        records,
        aReleaseDraft({ version: (at % 3) + 1, environment: at % 2 ? "staging" : "production" }),
      );
    }
    await arrived(await records.revision());
    expect(listener.prompts.get(KEY)?.releases).toMatchObject({
      staging: { version: (29 % 3) + 1 },
      production: { version: (28 % 3) + 1 },
    });
    expect(listener.lost).toBe(0);
  });
}

function wantTests({ first }: SourceContract, open: Open): void {
  const numbers = (listener: Listener): readonly string[] =>
    Object.keys(listener.prompts.get(KEY)?.versions ?? {});

  test("adds versions that are asked for by number", async () => {
    const { source, listener } = await started(open);
    expect(numbers(listener)).toEqual(["1"]);
    source.want(KEY, 3);
    await vi.waitFor(() => expect(numbers(listener)).toEqual(["1", "3"]), { timeout: 20_000, interval: 5 });
    expect(listener.texts.get(hashText(THIRD))).toEqual(THIRD);
  });

  test("adds them before the wish returns where the registry is at hand, also what was written a moment ago", async () => {
    const { records, source, listener } = await started(open);
    const drafts = [aVersionDraft(THIRD, { version: 4 })];
    await records.append(() => ({ drafts, texts: [THIRD], result: null }));
    source.want(KEY, 3);
    source.want(KEY, 4);
    if (first === "soon")
      await vi.waitFor(() => expect(numbers(listener)).toContain("4"), { timeout: 20_000 });
    expect(numbers(listener)).toEqual(["1", "3", "4"]);
    expect(listener.texts.get(hashText(THIRD))).toEqual(THIRD);
  });

  test("says that a version is coming until it was looked for, found or not", async () => {
    const { source } = await started(open);
    source.want(KEY, 3);
    source.want(KEY, 99);
    expect(await source.waitForWanted?.({ timeoutMs: 5000, patient: true })).toEqual(
      source.waitForWanted && [],
    );
    expect(source.isComing?.(KEY, 3) ?? false).toBe(false);
    expect(source.isComing?.(KEY, 99) ?? false).toBe(false);
  });

  test("has them in the first snapshot when they were asked for before, and keeps them from then on", async () => {
    const { records, source } = await open();
    await fill(records);
    source.want(KEY, 2);
    const listener = new Listener();
    source.start(listener);
    await fed(listener);
    expect(numbers(listener)).toEqual(["1", "2"]);
    await arrived(listener, await append(records, aReleaseDraft({ version: 3 })));
    expect(numbers(listener)).toEqual(["1", "2", "3"]);
  });

  test("takes the wish for a version that is not there yet, and fulfils it when it comes", async () => {
    const { records, source, listener, arrived } = await started(open);
    source.want(KEY, 4);
    source.want("unheard-of", 1);
    await arrived(await append(records, aVersionDraft(THIRD, { version: 5 })));
    expect(numbers(listener)).toEqual(["1"]);
    const text = aText({ body: "Four. {{ticket}}" });
    const drafts = [aVersionDraft(text, { version: 4 })];
    await records.append(() => ({ drafts, texts: [text], result: null }));
    await arrived(await records.revision());
    expect(numbers(listener)).toEqual(["1", "4"]);
    expect(listener.texts.get(hashText(text))).toEqual(text);
  });
}

function closeTests(open: Open): void {
  test("says nothing any more once it is closed, and can be closed twice", async () => {
    const { records, source, listener } = await started(open);
    await source.close();
    await source.close();
    const before = listener.revision;
    await append(records, aReleaseDraft({ version: 2 }));
    source.want(KEY, 3);
    await new Promise((done) => setTimeout(done, 50));
    expect(listener.revision).toBe(before);
    expect(listener.changes).toEqual([]);
  });
}
