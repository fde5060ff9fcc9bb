/** Tests of pushing several files at once: in one go or not at all, with whose they are. */
import { buildText, type TextParts } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { BY, RegistryLog } from "../registry-log.fixture.ts";
import { decidePush, type PushedFile, type PushedFiles } from "./decide-push.ts";
import { factsHash } from "./prompt-content.ts";
import { pushOrder } from "./push-order.ts";

function file(key: string, body: TextParts["body"], more: Partial<PushedFile> = {}): PushedFile {
  return {
    ...{ key, file: `prompts/${key}.prompt`, text: buildText({ model: "gpt-5-mini", body }), metadata: {} },
    ...{ after: 0, commit: "c0ffee", author: "ada@example.com", message: "First", ...more },
  };
}

function push(log: RegistryLog, ...files: readonly PushedFile[]): PushedFiles {
  return log.append((state) => decidePush(state, { files, texts: log.texts, by: { id: "ci", via: "cli" } }));
}

describe("decidePush", () => {
  it("keeps who wrote it beside who pushed it, and how it came in", () => {
    const log = new RegistryLog();
    const { versions } = push(
      log,
      file("a", "A"),
      file("b", "B", { commit: null, author: null, message: null }),
    );
    expect(versions.map(({ key, version, created }) => [key, version, created])).toEqual([
      ["a", 1, true],
      ["b", 1, true],
    ]);
    expect(log.state.prompts.get("a")?.versions.get(1)).toMatchObject({
      ...{ author: "ada@example.com", message: "First", commit: "c0ffee", source: "file" },
      by: { id: "ci", via: "git" },
    });
    expect(log.state.prompts.get("b")?.versions.get(1)).toMatchObject({
      ...{ author: "ci", message: null, commit: null },
      by: { id: "ci", via: "cli" },
    });
  });

  it("makes nothing the second time, and records facts alone where only they changed", () => {
    const log = new RegistryLog();
    push(log, file("a", "A"));
    const before = log.records.length;
    expect(push(log, file("a", "A", { after: 1 })).versions).toMatchObject([{ version: 1, created: false }]);
    expect(log.records).toHaveLength(before);
    const metadata = { owner: "support" };
    expect(push(log, file("a", "A", { after: 1, metadata })).versions).toMatchObject([
      { created: false, metadataChanged: true, metadata: factsHash(metadata) },
    ]);
    expect(log.records).toHaveLength(before + 1);
  });

  it("lets a file pin a version that the same push makes", () => {
    const log = new RegistryLog();
    push(log, file("shared.tone", "Be kind."));
    const files = [
      file("triage", "{{> shared.tone@v2}} Sort.", { after: 0 }),
      file("shared.tone", "Be kind and brief.", { after: 1 }),
    ];
    const { versions, problems } = push(log, ...pushOrder(files));
    expect(problems).toEqual([]);
    expect(versions.map(({ key, version }) => `${key}@v${version}`)).toEqual(["shared.tone@v2", "triage@v1"]);
    const made = log.texts.get(versions[1]?.hash ?? "");
    expect(made?.partials).toEqual({ "shared.tone@v2": versions[0]?.hash });
  });

  it("writes nothing at all where one file cannot be a version, and says so of each that cannot", () => {
    const log = new RegistryLog();
    const before = log.records.length;
    const pushed = push(log, file("a", "A"), file("b", "{{missing}}"), file("c", "{{> nowhere}}"));
    expect(pushed.versions).toEqual([]);
    expect(pushed.problems.map(({ file: name, code }) => [name, code])).toEqual([
      ["prompts/b.prompt", "misfit"],
      ["prompts/c.prompt", "partial-missing"],
    ]);
    expect(log.records).toHaveLength(before);
    expect(log.state.prompts.size).toBe(0);
  });

  it("writes nothing where the registry has moved on, but what it has already is no conflict", () => {
    const log = new RegistryLog();
    push(log, file("a", "A"));
    push(log, file("a", "B", { after: 1 }));
    const before = log.records.length;
    expect(push(log, file("b", "new"), file("a", "C", { after: 1 }))).toMatchObject({
      versions: [],
      moved: [{ key: "a", newest: 2 }],
    });
    expect(log.records).toHaveLength(before);
    expect(push(log, file("a", "B", { after: 1 }))).toMatchObject({ moved: [], versions: [{ version: 2 }] });
  });

  it("overwrites no facts that somebody else has stated since it looked", () => {
    const log = new RegistryLog();
    push(log, file("a", "A", { metadata: { owner: "support" } }));
    const looked = factsHash({ owner: "support" });
    const mine = { after: 1, facts: looked, metadata: { owner: "mine" } };
    expect(push(log, file("a", "A", mine)).moved).toEqual([]);
    const before = log.records.length;
    const late = { after: 1, facts: looked, metadata: { owner: "theirs" } };
    expect(push(log, file("b", "new"), file("a", "A", late))).toMatchObject({
      versions: [],
      moved: [{ key: "a", newest: 1 }],
    });
    expect(log.records).toHaveLength(before);
    // What is so already is nothing to be overwritten.
    expect(push(log, file("a", "A", { ...late, metadata: { owner: "mine" } })).moved).toEqual([]);
  });

  it("keeps who else wrote on it, each once and without the author", () => {
    const log = new RegistryLog();
    const coAuthors = ["bob@example.com", "ada@example.com", "bob@example.com"];
    push(log, file("a", "A", { coAuthors }), file("b", "B", { coAuthors: ["ada@example.com"] }));
    expect(log.state.prompts.get("a")?.versions.get(1)?.coAuthors).toEqual(["bob@example.com"]);
    expect(log.state.prompts.get("b")?.versions.get(1)).not.toHaveProperty("coAuthors");
  });

  it("leaves the state as it was where it only looks", () => {
    const log = new RegistryLog();
    push(log, file("a", "A"));
    const files = [file("a", "B", { after: 1, metadata: { owner: "x" } }), file("b", "new")];
    const looked = decidePush(log.state, { files, texts: log.texts, by: BY });
    expect(looked.result.versions).toHaveLength(2);
    expect([...(log.state.prompts.get("a")?.versions.keys() ?? [])]).toEqual([1]);
    expect(log.state.prompts.get("a")?.metadata).toBeNull();
    expect(log.state.prompts.has("b")).toBe(false);
  });
});

describe("pushOrder", () => {
  it("has partials before what includes them, in a locale too, else by key", () => {
    const text = (body: string, de = body) => buildText({ model: "m", body, locales: { de } });
    const prompts = [
      { key: "d", text: text("plain") },
      { key: "a", text: text("{{> c@v3}}") },
      { key: "b", text: text("plain", "{{> d}}") },
      { key: "c", text: text("{{> other}}") },
    ];
    expect(pushOrder(prompts).map(({ key }) => key)).toEqual(["c", "a", "d", "b"]);
  });

  it("ends where prompts include one another", () => {
    const text = (body: string) => buildText({ model: "m", body });
    const keys = pushOrder([
      { key: "a", text: text("{{> b}}") },
      { key: "b", text: text("{{> a}}") },
    ]).map(({ key }) => key);
    expect(keys.toSorted()).toEqual(["a", "b"]);
  });
});
