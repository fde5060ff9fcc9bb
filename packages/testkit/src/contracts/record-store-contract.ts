/** What every RecordStore keeps to, as tests that an adapter runs on itself. */
import {
  FIRST_ENVIRONMENTS,
  hashDocument,
  hashText,
  type LogPoint,
  projectRecords,
  type RecordDraft,
  type RecordStore,
  type RegistryRecord,
  type VersionText,
} from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aText } from "../builders/a-text.ts";
import {
  aDeclarationDraft,
  aMetadataDraft,
  anEnvironmentDraft,
  anEvalSetDraft,
  aReleaseDraft,
  aVersionDraft,
} from "../builders/record-drafts.ts";
import { anyRecordDraft } from "./arbitraries.ts";
import { type Fresh, freshly, type OpenedStore, type StoreContract } from "./opened-store.ts";
import { subjectContract } from "./subject-contract.ts";

/** Any draft may be appended when its text comes along. */
const EVERY_TEXT = [aText()];

type Open = () => Promise<Fresh<OpenedStore>>;

export function recordStoreContract(contract: StoreContract): void {
  describe(`${contract.name} as a RecordStore`, () => {
    const open = freshly(contract.open);
    describe("its log", () => logTests(open));
    describe("its decisions", () => decisionTests(open));
    describe("its texts", () => textTests(open));
    describe("its documents", () => documentTests(open));
    describe("its states", () => stateTests(open));
    describe("its subjects", () => subjectContract(open));
    test("can be closed twice", async () => {
      const { records } = await open();
      await records.close();
      await records.close();
    });
  });
}

async function append(
  records: RecordStore,
  drafts: readonly RecordDraft[],
  texts: readonly VersionText[] = EVERY_TEXT,
): Promise<readonly RegistryRecord[]> {
  const appended = await records.append(() => ({ drafts, texts, result: null }));
  return appended.records;
}

function logTests(open: Open): void {
  test("a fresh store has the first environments and no prompt", async () => {
    const { records } = await open();
    const state = await records.state();
    expect([...state.environments.keys()]).toEqual([...FIRST_ENVIRONMENTS]);
    expect(state.environments.get("production")?.gate).toBe("with-eval-set");
    expect(state.prompts.size).toBe(0);
  });

  test("numbers its records 1, 2, 3 without gaps, across appends", async () => {
    const { records } = await open();
    await append(records, [aMetadataDraft(), aVersionDraft()]);
    await append(records, [aReleaseDraft()]);
    const all = await records.listRecords({});
    expect(all.map((record) => record.revision)).toEqual(all.map((_, index) => index + 1));
    expect(await records.revision()).toBe(all.length);
    expect((await records.state()).revision).toBe(all.length);
  });

  test("gives an append's records back with their places, as they are listed later", async () => {
    const { records, clock } = await open();
    const before = await records.revision();
    clock.advance(1000);
    const appended = await append(records, [aMetadataDraft(), aVersionDraft()]);
    expect(appended.map((record) => [record.revision, record.at])).toEqual([
      [before + 1, clock.now()],
      [before + 2, clock.now()],
    ]);
    expect(await records.listRecords({ after: before })).toEqual(appended);
  });

  test("gives every record back as it was drafted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecordDraft(), { minLength: 1, maxLength: 8 }), async (drafts) => {
        const { records, dispose } = await open();
        const before = await records.revision();
        await append(records, drafts);
        const listed = await records.listRecords({ after: before });
        expect(listed.map(({ kind, by, data }) => ({ kind, by, data }))).toEqual(drafts);
        await dispose();
      }),
      { numRuns: 25 },
    );
  });

  test("never lets the log's time run backwards, not even when the clock does", async () => {
    const { records, clock } = await open();
    clock.advance(60_000);
    await append(records, [aMetadataDraft()]);
    clock.turnBack(3_600_000);
    await append(records, [aMetadataDraft({ owner: "ada" })]);
    clock.advance(7_200_000);
    await append(records, [aMetadataDraft({ owner: "bob" })]);
    const times = (await records.listRecords({})).map((record) => record.at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBe(clock.now());
    expect((await records.state()).at).toBe(clock.now());
  });

  test("lists by kind, by key, after a revision and up to a number of records", async () => {
    const { records } = await open();
    const first = await records.revision();
    await append(records, [
      aMetadataDraft(),
      aVersionDraft(),
      aMetadataDraft({ key: "other" }),
      anEnvironmentDraft(),
      aReleaseDraft(),
    ]);
    const revisions = async (filter: Parameters<RecordStore["listRecords"]>[0]): Promise<readonly number[]> =>
      (await records.listRecords(filter)).map((record) => record.revision - first);
    expect(await revisions({ kinds: ["metadata"] })).toEqual([1, 3]);
    expect(await revisions({ kinds: ["version", "release"] })).toEqual([2, 5]);
    expect(await revisions({ key: "support.triage" })).toEqual([1, 2, 5]);
    expect(await revisions({ key: "unheard-of" })).toEqual([]);
    expect(await revisions({ after: first + 3 })).toEqual([4, 5]);
    expect(await revisions({ after: first, limit: 2 })).toEqual([1, 2]);
    expect(
      await revisions({ key: "support.triage", kinds: ["metadata", "release"], after: first + 1 }),
    ).toEqual([5]);
  });

  test("shows what one opening appends to another", async () => {
    const store = await open();
    const other = await store.again();
    await other.records.state();
    await append(store.records, [aVersionDraft()]);
    expect((await other.records.state()).prompts.get("support.triage")?.versions.size).toBe(1);
    expect(await other.records.listRecords({})).toEqual(await store.records.listRecords({}));
    await append(other.records, [aReleaseDraft()]);
    expect((await store.records.state()).prompts.get("support.triage")?.releases.length).toBe(1);
  });
}

function decisionTests(open: Open): void {
  test("runs a decision on the state at the end of the log", async () => {
    const { records } = await open();
    await append(records, [aVersionDraft()]);
    const end = await records.revision();
    const seen = await records.append((state) => ({
      drafts: [],
      result: [state.revision, state.prompts.get("support.triage")?.versions.has(1)],
    }));
    expect(seen).toEqual({ records: [], result: [end, true] });
    expect(await records.revision()).toBe(end);
  });

  test("throws what a decision throws, and writes nothing", async () => {
    const { records } = await open();
    const end = await records.revision();
    const refusal = new Error("not today");
    await expect(
      records.append(() => {
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    expect(await records.revision()).toBe(end);
    await append(records, [aMetadataDraft()]);
    expect(await records.revision()).toBe(end + 1);
  });

  test("writes all of an append or nothing of it", async () => {
    const { records } = await open();
    const end = await records.revision();
    const good = aText({ body: "good {{ticket}}" });
    const absent = aText({ body: "absent {{ticket}}" });
    const refused = append(records, [aVersionDraft(good), aVersionDraft(absent, { version: 2 })], [good]);
    await expect(refused).rejects.toMatchObject({ code: "input-malformed" });
    const unwritable = aMetadataDraft({ owner: Number.NaN as unknown as string });
    await expect(append(records, [aVersionDraft(good), unwritable], [good])).rejects.toMatchObject({
      code: "input-malformed",
    });
    expect(await records.revision()).toBe(end);
    expect((await records.listTexts([hashText(good)])).size).toBe(0);
    expect((await records.state()).prompts.size).toBe(0);
  });

  test("lets no two decisions see the same end of the log, from however many openings", async () => {
    const store = await open();
    const other = await store.again();
    const next = (records: RecordStore): Promise<unknown> =>
      records.append((state) => {
        const version = (state.prompts.get("support.triage")?.versions.size ?? 0) + 1;
        return { drafts: [aVersionDraft(aText(), { version })], texts: EVERY_TEXT, result: version };
      });
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => next(at % 2 === 0 ? store.records : other.records)),
    );
    const versions = await store.records.listRecords({ kinds: ["version"] });
    expect(versions.map((record) => (record.kind === "version" ? record.data.version : 0))).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
    expect((await store.care.verify()).findings).toEqual([]);
  });
}

function textTests(open: Open): void {
  test("keeps texts by their hash and leaves unknown hashes out of the answer", async () => {
    const { records } = await open();
    const short = aText({ body: "Short. {{ticket}}" });
    const long = aText({
      messages: [
        { role: "system", content: "Be kind. ß🙂" },
        "history",
        { role: "user", content: "{{ticket}}" },
      ],
      model: { id: "gpt-5", parameters: { temperature: 0.2 } },
      tools: [{ name: "search", input: { type: "object", properties: {} } }],
      cache: ["system", 0],
    });
    await append(records, [aVersionDraft(short), aVersionDraft(long, { version: 2 })], [short, long]);
    const texts = await records.listTexts([hashText(long), "f".repeat(64), hashText(short)]);
    expect(new Map(texts)).toEqual(
      new Map([
        [hashText(long), long],
        [hashText(short), short],
      ]),
    );
    for (const [hash, text] of texts) expect(hashText(text)).toBe(hash);
  });

  test("gives a text's fields back in the order in which they were given", async () => {
    const { records } = await open();
    const input = { type: "object", properties: { zebra: { type: "string" }, ant: { type: "string" } } };
    const text = aText({ body: "{{zebra}} {{ant}}", input });
    await append(records, [aVersionDraft(text)], [text]);
    const kept = (await records.listTexts([hashText(text)])).get(hashText(text));
    expect(JSON.stringify(kept)).toBe(JSON.stringify(text));
  });

  test("takes a record that names a text it keeps already, and a text it keeps already", async () => {
    const { records } = await open();
    const text = aText();
    await append(records, [aVersionDraft(text)], [text]);
    await append(records, [aDeclarationDraft(text)], []);
    await append(records, [aVersionDraft(text, { key: "support.copy" })], [text]);
    expect([...(await records.listTexts([hashText(text)])).values()]).toEqual([text]);
  });

  test("answers for thousands of hashes at once", async () => {
    const { records } = await open();
    const text = aText();
    await append(records, [aVersionDraft(text)], [text]);
    const unknown = Array.from({ length: 3000 }, (_, at) => at.toString(16).padStart(64, "0"));
    expect([...(await records.listTexts([...unknown, hashText(text)])).keys()]).toEqual([hashText(text)]);
  });
}

function documentTests(open: Open): void {
  // Names that JavaScript puts in an order of its own, and what JSON writes in two ways.
  const content = { format: 1, cases: [{ id: "b", "10": 1e21, "9": -0, "": null, "ß🙂": [[], {}] }] };

  test("are kept by their hash beside the texts, and hold what they held", async () => {
    const { records, care } = await open();
    const other = { name: "other" };
    const draft = anEvalSetDraft(content);
    await records.append(() => ({ drafts: [draft], documents: [content, other], result: null }));
    const hashes = [hashDocument(content), hashDocument(other), "f".repeat(64)];
    const documents = await records.listDocuments(hashes);
    expect(new Map(documents)).toEqual(
      new Map<string, unknown>([
        [hashDocument(content), JSON.parse(JSON.stringify(content))],
        [hashDocument(other), other],
      ]),
    );
    for (const [hash, document] of documents) expect(hashDocument(document as object)).toBe(hash);
    expect((await records.state()).evalSets.get(draft.data.name)?.at(-1)?.hash).toBe(hashDocument(content));
    expect((await care.verify()).findings).toEqual([]);
  });

  test("must come along with the eval set that names them, or be there already", async () => {
    const { records } = await open();
    const end = await records.revision();
    const drafts = [anEvalSetDraft(content)];
    await expect(records.append(() => ({ drafts, result: null }))).rejects.toMatchObject({
      code: "input-malformed",
    });
    expect(await records.revision()).toBe(end);
    await records.append(() => ({ drafts, documents: [content], result: null }));
    await records.append(() => ({ drafts, result: null }));
    expect(await records.revision()).toBe(end + 2);
  });
}

function stateTests(open: Open): void {
  test("has at every revision, and at every time, the state that the records up to there add up to", async () => {
    const steps = fc.array(
      fc.record({
        drafts: fc.array(anyRecordDraft(), { minLength: 1, maxLength: 3 }),
        pause: fc.integer({ min: -5000, max: 5000 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const { records, clock, dispose } = await open();
        for (const { drafts, pause } of history) {
          if (pause < 0) clock.turnBack(-pause);
          else clock.advance(pause);
          await append(records, drafts);
        }
        const all = await records.listRecords({});
        const upTo = (point: LogPoint): readonly RegistryRecord[] =>
          all.filter((record) =>
            "time" in point ? record.at <= point.time : record.revision <= point.revision,
          );
        for (const { revision, at } of all) {
          for (const point of [{ revision }, { time: at }, { time: at - 1 }]) {
            expect(await records.stateAt(point)).toEqual(projectRecords(upTo(point)));
          }
        }
        expect(await records.state()).toEqual(projectRecords(all));
        await dispose();
      }),
      { numRuns: 15 },
    );
  });

  test("has nothing before its first record, and its end after the last one", async () => {
    const { records, clock } = await open();
    await append(records, [aVersionDraft()]);
    const before = await records.stateAt({ time: 0 });
    expect([before.revision, before.at, before.prompts.size, before.environments.size]).toEqual([0, 0, 0, 0]);
    expect((await records.stateAt({ revision: 0 })).environments.size).toBe(0);
    const end = await records.state();
    expect(await records.stateAt({ time: clock.now() + 1 })).toEqual(end);
    expect(await records.stateAt({ revision: end.revision + 100 })).toEqual(end);
  });

  test("narrows a state to one prompt and the environments, at the same point of the log", async () => {
    const { records } = await open();
    await append(records, [
      aVersionDraft(),
      aVersionDraft(aText(), { key: "other" }),
      anEnvironmentDraft(),
      aReleaseDraft(),
    ]);
    await append(records, [aReleaseDraft({ key: "other" })]);
    const revision = await records.revision();
    const whole = await records.stateAt({ revision });
    const narrow = await records.stateAt({ revision }, "support.triage");
    expect([...narrow.prompts.keys()]).toEqual(["support.triage"]);
    expect(narrow.prompts.get("support.triage")).toEqual(whole.prompts.get("support.triage"));
    expect(narrow.environments).toEqual(whole.environments);
    expect([narrow.revision, narrow.at]).toEqual([whole.revision, whole.at]);
    expect((await records.stateAt({ revision }, "unheard-of")).prompts.size).toBe(0);
  });
}
