/** Tests of eval sets on every kind of store: import, export, folding production back in, audit. */

import type { CapturedContents, ExecutionId } from "@colophon/kernel";
import { sha256 } from "@colophon/kernel";
import { aMetadataDraft, anExecution, anOutcome } from "@colophon/testkit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { diagnose } from "../../diagnose.ts";
import type { Harness } from "../../harness.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "../../opened-house.fixture.ts";
import type { CheckerOf } from "../../registry-declaration.ts";
import { addExecution } from "./add-execution.ts";
import { auditSet } from "./audit-set.ts";
import type { EvalSetFormat } from "./eval-set-file.ts";
import { exportEvalSet } from "./export-eval-set.ts";
import { type ImportEvalSetRequest, importEvalSet } from "./import-eval-set.ts";
import { listEvalSets, showEvalSet } from "./list-eval-sets.ts";
import { loadEvalSet } from "./load-eval-set.ts";
import { proposeCases } from "./propose-cases.ts";

const DAY_MS = 86_400_000;

/** Missing properties alone: the command line brings a validator that knows all of JSON Schema. */
const checkerOf: CheckerOf = (schema) => (value) => {
  const missing = ((schema.required ?? []) as readonly string[]).find(
    (name) => (value as Readonly<Record<string, unknown>>)[name] === undefined,
  );
  return missing === undefined ? { value } : { issues: [{ message: "is missing", path: [missing] }] };
};

const LINES = [
  '{"id":"a","variables":{"ticket":"I was charged twice"},"expected":"billing","split":"test","tags":["money"]}',
  '{"id":"b","variables":{"ticket":"The app crashes"},"expected":"bug","split":"dev"}',
].join("\n");

function take(
  harness: Harness,
  text: string,
  more: Partial<Omit<ImportEvalSetRequest, "file">> & { readonly format?: EvalSetFormat } = {},
) {
  const { format = "jsonl", ...rest } = more;
  return importEvalSet(harness, {
    file: { file: `cases.${format}`, format, text },
    name: "triage",
    checkerOf,
    ...rest,
  });
}

const CAPTURED: CapturedContents = {
  inputDigest: sha256("in"),
  outputDigest: sha256("out"),
  variables: '{"ticket":"Why is my invoice wrong?"}',
  output: "bug",
  days: null,
};

async function call(harness: Harness, fields: Parameters<typeof anExecution>[1] = {}): Promise<ExecutionId> {
  const row = anExecution(harness.ids, { prompt: KEY, ...fields });
  await harness.ledger.append([row]);
  return row.id;
}

describe.each(HOUSES)("On $name", (house) => {
  let opened: OpenedHouse;
  beforeEach(async () => {
    opened = await house.open();
  });
  afterEach(() => opened.close());

  test("an imported set has a version, and the same content again records nothing", async () => {
    const { harness, clock } = opened;
    const first = await take(harness, LINES, { owner: "ada", refreshDays: 30 });
    expect(first).toMatchObject({
      version: 1,
      created: true,
      cases: { dev: 1, test: 1 },
      filledScorers: ["exact"],
    });
    const revision = await harness.records.revision();
    const turned = LINES.split("\n").toReversed().join("\n\n");
    expect(await take(harness, turned)).toMatchObject({ version: 1, unchanged: true });
    expect(await harness.records.revision()).toBe(revision);
    clock.advance(31 * DAY_MS);
    expect(await listEvalSets(harness)).toMatchObject([
      { name: "triage", version: 1, owner: "ada", days: 31, overdue: true },
    ]);
    expect((await harness.care.verify()).findings).toEqual([]);
  });

  test("a set is replaced by a file or added to, and older versions stay as they were", async () => {
    const { harness } = opened;
    await take(harness, LINES);
    const more = '{"id":"c","variables":{"ticket":"Hello"},"expected":"other","split":"dev"}';
    const added = await take(harness, more, { add: true });
    expect(added).toMatchObject({ version: 2, change: { added: ["c"], changed: [], removed: [] } });
    const replaced = await take(harness, LINES);
    expect(replaced).toMatchObject({ version: 3, change: { added: [], removed: ["c"] } });
    expect((await loadEvalSet(harness, "triage@v2")).content.cases.map(({ id }) => id)).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect((await showEvalSet(harness, "triage")).versions.map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  test("many who add at once lose no case of each other", async () => {
    const { harness } = opened;
    await take(harness, LINES);
    await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        take(harness, `{"id":"n${at}","variables":{"ticket":"${at}"},"expected":"other"}`, { add: true }),
      ),
    );
    const { entry, content } = await loadEvalSet(harness, "triage");
    expect(entry.version).toBe(9);
    expect(content.cases).toHaveLength(10);
  });

  test("bad lines are told by their numbers, all at once, and nothing is recorded", async () => {
    const { harness } = opened;
    const revision = await harness.records.revision();
    const bad = [
      '{"variables":{"ticket":"a"},"expcted":"x"}',
      "",
      "{",
      '{"id":"c"}',
      '{"variables":{},"split":"tset"}',
    ];
    await expect(take(harness, bad.join("\n"))).rejects.toThrow(
      /^cases\.jsonl cannot be taken in: line 1: "expcted" is no field here; did you mean "expected"\?; line 3: it is no JSON .*; line 4: it has no "variables"; line 5: "split" is "tset"; use dev or test\. Nothing was recorded\.$/,
    );
    const unknown =
      '{"variables":{"ticket":"a"},"expected":"x","split":"test","scorers":["exakt",{"scorer":"contains","options":{"valu":1}}]}';
    await expect(take(harness, unknown)).rejects.toThrow(
      'line 1: There is no scorer "exakt": did you mean exact?; line 1: Scorer "contains" has no option valu: did you mean value?',
    );
    await expect(take(harness, '{"variables":{"ticket":"a"},"split":"test"}')).rejects.toThrow(
      "line 1: it expects nothing and has no scorer",
    );
    await expect(take(harness, '{"variables":{"ticket":"a"},"expected":"x","split":"dev"}')).rejects.toThrow(
      "none of its 1 cases is in the test split",
    );
    await expect(take(harness, LINES, { name: undefined })).rejects.toMatchObject({ code: "usage" });
    expect(await harness.records.revision()).toBe(revision);
    expect(await listEvalSets(harness)).toEqual([]);
  });

  test("cases are held against the contracts of the prompts that name the set, and of the one that is named", async () => {
    const { harness } = opened;
    await registerBodies(harness, ["Sort:"]);
    const without = LINES.replace('"ticket":"The app crashes"', '"text":"The app crashes"');
    await expect(take(harness, without, { prompt: KEY })).rejects.toThrow(
      `line 2: ${KEY}@v1 has no variable "text"; its contract names ticket`,
    );
    const empty = LINES.replace('{"ticket":"The app crashes"}', "{}");
    await expect(take(harness, empty, { prompt: KEY })).rejects.toThrow(
      `line 2: ${KEY}@v1 needs the variable "ticket", which the case does not have`,
    );
    expect((await take(harness, without)).contracts).toEqual([]);
    await harness.records.append(() => ({
      drafts: [aMetadataDraft({ key: KEY, evalSet: "triage" })],
      result: null,
    }));
    await expect(take(harness, without)).rejects.toThrow("has no variable");
    expect((await take(harness, LINES)).contracts).toEqual([`${KEY}@v1`]);
  });

  test("an execution becomes a case with what was captured of it, once", async () => {
    const { harness } = opened;
    await take(harness, LINES);
    await registerBodies(harness, ["Sort:"]);
    const execution = await call(harness, { contents: CAPTURED, subjects: { session: "chat-1" } });
    const request = { name: "triage", execution, expected: "billing", split: "test", checkerOf } as const;
    const added = await addExecution(harness, request);
    expect(added).toMatchObject({ state: "added", version: 2, change: { added: [execution] } });
    const { cases } = (await loadEvalSet(harness, "triage")).content;
    expect(cases.find(({ id }) => id === execution)).toMatchObject({
      variables: { ticket: "Why is my invoice wrong?" },
      expected: { kind: "label", value: "billing" },
      split: "test",
      cluster: expect.not.stringContaining("chat-1"),
      provenance: { source: "execution", ref: execution },
    });
    expect(await addExecution(harness, request)).toMatchObject({ unchanged: true, version: 2 });
  });

  test("an execution whose contents were not captured is insufficient, and an unknown one an error", async () => {
    const { harness } = opened;
    await take(harness, LINES);
    const bare = await call(harness);
    const hashed = await call(harness, { contents: { ...CAPTURED, variables: null } });
    const medium = { media: `sha256:${sha256("photo")}`, mediaType: "image/png", bytes: 9 };
    const photo = await call(harness, {
      contents: { ...CAPTURED, variables: JSON.stringify({ ticket: { photos: [medium] } }) },
    });
    expect(await addExecution(harness, { name: "triage", execution: photo, checkerOf })).toMatchObject({
      state: "insufficient",
      reason: "media are not kept with captured contents",
    });
    for (const execution of [bare, hashed]) {
      expect(await addExecution(harness, { name: "triage", execution, checkerOf })).toEqual({
        state: "insufficient",
        reason: "contents not captured",
        execution,
      });
    }
    const unknown = harness.ids.next();
    const add = (name: string, execution: string) => addExecution(harness, { name, execution, checkerOf });
    await expect(add("triage", unknown)).rejects.toMatchObject({ code: "execution-unknown" });
    await expect(add("triag", bare)).rejects.toMatchObject({ code: "eval-set-unknown" });
    expect((await listEvalSets(harness))[0]?.version).toBe(1);
  });

  test("a query over the ledger proposes each text once, and its batch is added to the set", async () => {
    const { harness, clock } = opened;
    await take(harness, LINES);
    await registerBodies(harness, ["Sort:"]);
    const down = async (variables: string | null): Promise<void> => {
      clock.advance(1000);
      const execution = await call(harness, { contents: { ...CAPTURED, variables } });
      const { ids } = harness;
      await harness.ledger.appendOutcomes([
        anOutcome(ids, execution, { name: "thumbs", value: false, by: "ada" }),
      ]);
    };
    await call(harness, { contents: CAPTURED });
    await down('{"ticket":"Refund please"}');
    await down('{"ticket":"Refund please"}');
    await down('{"ticket":"The app crashes"}');
    await down(null);
    const request = { name: "triage", where: "thumbs-down", since: 0, below: 0.5, limit: 50 } as const;
    await expect(proposeCases(harness, request)).rejects.toThrow(
      "No prompt's metadata name the eval set triage",
    );
    const { found, proposals, left } = await proposeCases(harness, { ...request, prompt: KEY });
    expect({ found, left }).toEqual({
      found: 4,
      left: { "contents not captured": 1, "in the set already, or proposed before it": 2 },
    });
    expect(proposals).toMatchObject([
      {
        proposed: true,
        why: "thumbs is false, says ada",
        observed: "bug",
        expected: null,
        variables: { ticket: "Refund please" },
      },
    ]);
    const reviewed = proposals.map((one) => JSON.stringify({ ...one, expected: "billing" })).join("\n");
    expect(await take(harness, reviewed)).toMatchObject({ version: 2, added: true, change: { removed: [] } });
    expect(await proposeCases(harness, { ...request, prompt: KEY })).toMatchObject({ proposals: [] });
  });

  test("each query finds its calls, and pages through a ledger without losing one", async () => {
    const { harness, clock } = opened;
    await take(harness, LINES);
    await registerBodies(harness, ["Sort:"]);
    const contents = (at: number) => ({ ...CAPTURED, variables: JSON.stringify({ ticket: `number ${at}` }) });
    const rows = Array.from({ length: 1300 }, (_, at) => {
      // Many rows in one millisecond, more than a page has.
      if (at % 600 === 0) clock.advance(5);
      return anExecution(harness.ids, {
        prompt: KEY,
        contents: contents(at),
        schemaOk: at % 2 === 0,
        refused: at === 7,
      });
    });
    await harness.ledger.append(rows);
    const low = anOutcome(harness.ids, rows[3]?.id as ExecutionId, {
      name: "quality",
      value: 0.4,
      source: "judge",
    });
    await harness.ledger.appendOutcomes([low]);
    const from = clock.now();
    const alert = {
      id: "a1",
      value: 0.9,
      limit: 0.95,
      version: null,
      action: "none",
      rollout: null,
      guard: null,
      executions: [rows[5]?.id, rows[9]?.id].map(String),
      key: KEY,
      environment: "production",
      metric: "schemaOk",
      message: "Too many misses.",
      since: from,
      units: 9,
    } as const;
    await harness.records.append(() => ({
      drafts: [{ kind: "alert", by: harness.actor, data: alert }],
      result: null,
    }));
    const ask = async (where: Parameters<typeof proposeCases>[1]["where"], below = 0.5) =>
      (await proposeCases(harness, { name: "triage", prompt: KEY, where, since: 0, below, limit: 10_000 }))
        .proposals;
    expect(await ask("schema-failed")).toHaveLength(650);
    expect(await ask("refused")).toMatchObject([{ variables: { ticket: "number 7" } }]);
    expect(await ask("low-score")).toMatchObject([{ variables: { ticket: "number 3" } }]);
    expect(await ask("low-score", 0.4)).toEqual([]);
    const fired = await ask("guard-fired");
    expect(fired).toHaveLength(2);
    expect(fired).toContainEqual(
      expect.objectContaining({ variables: { ticket: "number 5" }, why: "a guard fired: Too many misses" }),
    );
    expect(fired).toContainEqual(expect.objectContaining({ variables: { ticket: "number 9" } }));
    expect(await ask("retried")).toEqual([]);
  });

  test("an audit tells what leaks, what traffic has no case, and whose subjects were erased", async () => {
    const { harness, clock } = opened;
    const [version = 0] = await registerBodies(harness, [
      "Sort it. For example: my parcel was left in the rain by your courier is other.",
    ]);
    await releaseTo(harness, version, "staging");
    const cases = [
      '{"id":"a","variables":{"ticket":"my parcel was left in the rain by your courier"},"expected":"other","split":"test"}',
      '{"id":"b","variables":{"ticket":"The app crashes when I open it"},"expected":"bug","split":"dev"}',
      '{"id":"c","variables":{"ticket":"the app crashes when I open it!"},"expected":"bug","split":"test"}',
    ].join("\n");
    await take(harness, cases, { refreshDays: 10 });
    const calls = [
      "delete my account",
      "delete my account now",
      "please delete the account",
      "the app crashes",
    ];
    for (const ticket of calls) {
      clock.advance(1);
      const contents = { ...CAPTURED, variables: JSON.stringify({ ticket }) };
      await call(harness, { contents, subjects: { user: "ada" } });
    }
    await call(harness);
    const audit = () => auditSet(harness, { set: "triage", prompt: KEY, since: 0 });
    expect(await audit()).toMatchObject({
      ok: false,
      overdue: false,
      bodies: [`${KEY}@v1`],
      nearDuplicates: [{ dev: "b", test: "c", similarity: 1 }],
      leaks: [{ case: "a", split: "test", version: `${KEY}@v1` }],
      coverage: { state: "known", calls: 5, captured: 4, covered: 1, uncovered: [{ calls: 3 }] },
      erased: [],
    });
    const [newest] = await harness.ledger.listExecutions({ prompt: KEY, limit: 2, order: "oldest-first" });
    const execution = newest?.id ?? "";
    const request = { name: "triage", execution, expected: "other", checkerOf };
    await expect(addExecution(harness, request)).rejects.toThrow("its call is somebody's");
    const [entry] = (await listEvalSets(harness)).map(({ version }) => version);
    expect(entry).toBe(1);
    await addExecution(harness, { ...request, keepContents: true });
    const exported = (await exportEvalSet(harness, "triage", "jsonl")).text;
    expect(await take(harness, exported)).toMatchObject({ unchanged: true });
    expect((await audit()).erased).toEqual([]);
    await harness.care.erase({ kind: "user", value: "ada" }, harness.actor);
    expect(await audit()).toMatchObject({
      ok: false,
      erased: [execution],
      coverage: { state: "insufficient", reason: "contents not captured", calls: 5 },
    });
    await expect(take(harness, exported, { keepContents: true })).rejects.toThrow(
      "a subject of its call was erased; leave the case out",
    );
    clock.advance(11 * DAY_MS);
    expect(await audit()).toMatchObject({ overdue: true });
    expect(await diagnose(harness)).toContainEqual(
      expect.objectContaining({
        severity: "warning",
        code: "eval-set-overdue",
        message: expect.stringContaining("triage@v2"),
      }),
    );
  });

  test("what is exported is taken in again as the same version, in every format", async () => {
    const { harness } = opened;
    const json = fc.jsonValue({ maxDepth: 2 });
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/).filter((one) => one !== "proto");
    const text = fc.string({ unit: "grapheme", maxLength: 12 });
    const expected = fc.oneof(
      fc.constant({ kind: "none" }),
      fc.record({
        kind: fc.constantFrom("label", "reference", "rubric"),
        value: text.filter((one) => one.trim() === one && one !== ""),
      }),
      fc.record({ kind: fc.constant("json"), value: json }),
    );
    const oneCase = fc.record({
      variables: fc.dictionary(
        fc.oneof(name, fc.constantFrom("id", "split", "expected")),
        fc.oneof(text, json),
        { maxKeys: 3, noNullPrototype: true },
      ),
      expected,
      tags: fc.array(fc.stringMatching(/^[a-z;:]{1,5}$/), { maxLength: 2 }),
      cluster: fc.option(name),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(oneCase, { minLength: 1, maxLength: 5 }), async (cases) => {
        const set = `round-${++run}`;
        const lines = [
          { format: 1, name: set, scorers: [{ scorer: "latency", options: { max: 100 } }] },
          ...cases.map((one, at) => ({ id: `case-${at}`, ...one })),
          { id: "always", variables: {}, split: "test" },
        ];
        const { hash } = await take(harness, lines.map((line) => JSON.stringify(line)).join("\n"), {
          name: undefined,
        });
        for (const format of ["jsonl", "yaml", "csv"] as const) {
          const { text } = await exportEvalSet(harness, set, format);
          expect(await take(harness, text, { format, name: set }), text).toMatchObject({
            version: 1,
            unchanged: true,
            hash,
          });
        }
      }),
      { numRuns: 40 },
    );
  });
});
