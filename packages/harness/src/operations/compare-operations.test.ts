/** Asks what compares texts over JSON, on every house. */
import { buildText } from "@colophon/kernel";
import { aDeclarationDraft } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerPrompt } from "../index.ts";
import { HOUSES, KEY, type OpenedHouse, promptFile, releaseTo } from "../opened-house.fixture.ts";
import { askOverJson } from "./ask-over-json.fixture.ts";
import { comparePromptOperation, listDeclaredOperation } from "./compare-operations.ts";

describe.each(HOUSES)("Comparisons on $name", ({ open }) => {
  let house: OpenedHouse;
  beforeEach(async () => {
    house = await open();
  });
  afterEach(() => house.close());

  test("hold a file against what is live, with callers, checks and figures", async () => {
    const { harness } = house;
    await registerPrompt(harness, { file: "a.json", value: promptFile("Sort.") });
    await releaseTo(harness, 1, "production");
    const input = { type: "object", properties: {} };
    const code = buildText({ body: "Sort.", model: { provider: "openai", id: "gpt-5-mini" }, input });
    const draft = aDeclarationDraft(code, { key: KEY });
    await harness.records.append(() => ({ drafts: [draft], texts: [code], result: null }));
    const file = { kind: "file", file: "a.prompt", value: promptFile("Words: {{ticket}}") } as const;
    const answer = await askOverJson(comparePromptOperation, harness, {
      key: KEY,
      before: { kind: "live", environment: "production" },
      after: file,
    });
    expect(answer).toMatchObject({
      before: { version: 1, environment: "production" },
      after: { version: null, file: "a.prompt" },
      same: false,
      size: { after: { staticTokens: 2 } },
      cost: { basis: "text", calls: 0 },
      checks: { evalSet: null, verdict: null },
    });
    // The code knows no variable that the text could read.
    expect(answer.checks.callers).toEqual([
      { environment: "production", misfits: [expect.stringContaining("ticket")] },
    ]);
    const same = await askOverJson(comparePromptOperation, harness, {
      key: KEY,
      before: { kind: "version", version: 1 },
      after: { kind: "current", environment: "production" },
    });
    expect(same).toMatchObject({ same: true, size: { cachePrefix: "same" } });
    const added = await askOverJson(comparePromptOperation, harness, { key: KEY, before: null, after: file });
    expect(added).toMatchObject({ before: null, same: false, cost: { before: null } });
    await expect(
      askOverJson(comparePromptOperation, harness, { key: KEY, before: null, after: null }),
    ).rejects.toMatchObject({ code: "usage" });
    await expect(
      askOverJson(comparePromptOperation, harness, {
        ...{ key: KEY, before: null, after: file },
        environment: "nowhere",
      }),
    ).rejects.toMatchObject({ code: "environment-unknown" });
    await expect(
      askOverJson(comparePromptOperation, harness, { key: "other", before: null, after: file }),
    ).rejects.toMatchObject({ code: "usage" });
    await expect(
      askOverJson(comparePromptOperation, harness, {
        key: KEY,
        before: { kind: "live", environment: "staging" },
        after: file,
      }),
    ).rejects.toMatchObject({ code: "version-unknown" });
  });

  test("list bodies in code that were never live, and leave out those that were", async () => {
    const { harness } = house;
    await registerPrompt(harness, { file: "a.json", value: promptFile("Sort.") });
    await releaseTo(harness, 1, "production");
    const hash = (await harness.records.state()).prompts.get(KEY)?.versions.get(1)?.hash ?? "";
    const live = (await harness.records.listTexts([hash])).get(hash);
    if (live === undefined) throw new Error("no text");
    const other = { ...live, body: "Another one: {{ticket}}" };
    const drafts = [
      aDeclarationDraft(live, { key: KEY, application: "old" }),
      aDeclarationDraft(other, { key: KEY, application: "new" }),
    ];
    await harness.records.append(() => ({ drafts, texts: [live, other], result: null }));
    expect(await askOverJson(listDeclaredOperation, harness, { environment: "production" })).toMatchObject([
      { key: KEY, application: "new", version: null, live: 1, text: { body: other.body } },
    ]);
    expect(await askOverJson(listDeclaredOperation, harness, { environment: "staging" })).toEqual([]);
    await expect(
      askOverJson(listDeclaredOperation, harness, { environment: "nowhere" }),
    ).rejects.toMatchObject({ code: "environment-unknown" });
  });
});
