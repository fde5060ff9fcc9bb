/** Asks every operation of sync over JSON: heads and contracts in pages, changes as far as one answer holds, pushes as a whole. */
import { factsHash } from "@colophon/authoring";
import { aText, aVersionDraft } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerPrompt, withdrawVersion } from "../index.ts";
import { HOUSES, KEY, type OpenedHouse, promptFile, releaseTo } from "../opened-house.fixture.ts";
import { askOverJson as ask } from "./ask-over-json.fixture.ts";
import {
  listChangesOperation,
  listContractsOperation,
  listHeadsOperation,
  pushFilesOperation,
} from "./sync-operations.ts";

describe.each(HOUSES)("Operations of sync on $name", ({ open }) => {
  let house: OpenedHouse;
  beforeEach(async () => {
    house = await open();
    const { harness } = house;
    await registerPrompt(harness, {
      value: promptFile("One."),
      file: "one.yaml",
      message: "first",
      commit: "abc",
    });
    await releaseTo(harness, 1, "staging");
    await registerPrompt(harness, { value: promptFile("Two."), file: "two.yaml" });
    await registerPrompt(harness, { value: promptFile("Two.", { owner: "sales" }), file: "two.yaml" });
  });
  afterEach(() => house.close());

  test("give the newest version that is not withdrawn, and what is live", async () => {
    const { harness } = house;
    await withdrawVersion(harness, { key: KEY, version: 2, reason: "rude" });
    const { heads, next } = await ask(listHeadsOperation, harness, { after: null });
    expect(heads).toMatchObject([
      { key: KEY, newest: 2, head: { version: 1, commit: "abc" }, live: { staging: 1 } },
    ]);
    expect(next).toBeNull();
    expect((await ask(listHeadsOperation, harness, { after: KEY })).heads).toEqual([]);
  });

  test("tell what became of a prompt since a text and its facts, by their hashes", async () => {
    const { harness } = house;
    const [head] = (await ask(listHeadsOperation, harness, { after: null })).heads;
    const before = factsHash({ owner: "support" });
    const { sides, taken } = await ask(listChangesOperation, harness, {
      prompts: [
        { key: KEY, hash: head?.head?.hash ?? "", metadata: before, since: 1 },
        { key: "nowhere", hash: null, metadata: null, since: 0 },
        { key: KEY, hash: "0".repeat(64), metadata: "0".repeat(16), since: 0 },
      ],
    });
    expect(taken).toBe(3);
    expect(sides).toMatchObject([
      {
        base: { version: 2, text: { body: expect.stringContaining("Two.") } },
        head: { version: 2 },
        facts: { owner: "sales" },
        baseFacts: { owner: "support" },
        later: [{ version: 2 }],
      },
      { base: null, baseFacts: null, later: [{ version: 1 }, { version: 2 }] },
    ]);
  });

  test("make versions of several files or of none, and only look where that is asked for", async () => {
    const { harness } = house;
    const file = (value: unknown, more: object = {}) => ({
      ...{
        value,
        file: "prompts/x.prompt",
        after: 2,
        commit: "c0ffee",
        author: "ada@example.com",
        message: "x",
        ...more,
      },
    });
    const good = file(promptFile("Three."));
    const looked = await ask(pushFilesOperation, harness, { files: [good], check: true });
    expect(looked.versions).toMatchObject([{ key: KEY, version: 3, created: true }]);
    const bad = file({ key: "x", model: "gpt-5-mini", body: "{{missing}}" }, { after: 0 });
    const unread = file({ key: "y" }, { after: 0 });
    const refused = await ask(pushFilesOperation, harness, { files: [good, bad, unread], check: false });
    expect(refused.versions).toEqual([]);
    expect(refused.problems.map(({ code }) => code)).toEqual(["prompt-invalid", "misfit"]);
    const late = await ask(pushFilesOperation, harness, { files: [{ ...good, after: 1 }], check: false });
    expect(late).toMatchObject({ versions: [], moved: [{ key: KEY, newest: 2 }] });
    const pushed = await ask(pushFilesOperation, harness, { files: [good], check: false });
    expect(pushed.versions).toMatchObject([{ version: 3, created: true, metadataChanged: true }]);
    const state = await harness.records.state();
    expect(state.prompts.get(KEY)?.versions.get(3)).toMatchObject({
      author: "ada@example.com",
      by: { via: "git" },
    });
  });
});

describe("Operations of sync on much", () => {
  let house: OpenedHouse;
  beforeEach(async () => {
    house = await (HOUSES[0] as (typeof HOUSES)[number]).open();
  });
  afterEach(() => house.close());

  test("answer for fewer prompts than were asked about where their texts are long, and for the rest when asked again", async () => {
    const { harness } = house;
    const long = "x".repeat(900_000);
    for (const name of ["a", "b", "c", "d"]) {
      const value = { key: `long.${name}`, model: "gpt-5-mini", body: `${name} ${long}` };
      await registerPrompt(harness, { value, file: "long.yaml" });
    }
    const prompts = ["a", "b", "c", "d"].map((name) => ({
      key: `long.${name}`,
      hash: null,
      metadata: null,
      since: 0,
    }));
    const first = await ask(listChangesOperation, harness, { prompts });
    expect([first.taken, first.sides.length]).toEqual([3, 3]);
    const rest = await ask(listChangesOperation, harness, { prompts: prompts.slice(first.taken) });
    expect(rest).toMatchObject({ taken: 1, sides: [{ key: "long.d" }] });
  });

  test("give what each version takes and gives, in pages", async () => {
    const { harness } = house;
    const text = aText();
    const draft = (key: string, version = 1) => aVersionDraft(text, { key, version });
    const many = Array.from({ length: 199 }, (_, number) => draft(`many.n${number}`));
    const drafts = [...many, draft("last"), draft("last", 2), draft("last", 3)];
    await harness.records.append(() => ({ drafts, texts: [text], result: null }));
    await withdrawVersion(harness, { key: "last", version: 2, reason: "rude" });
    const first = await ask(listContractsOperation, harness, { after: null });
    expect(first.next).toEqual({ key: "many.n98", version: 1 });
    expect(first.prompts[0]).toMatchObject({
      key: "last",
      versions: [{ version: 1, output: null }, { version: 3 }],
    });
    const second = await ask(listContractsOperation, harness, { after: first.next });
    expect(second).toMatchObject({ next: null, prompts: [{ key: "many.n99", versions: [{ version: 1 }] }] });
  });
});
