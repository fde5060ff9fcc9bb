/** Tests of registering versions. */
import { buildText, hashBody, hashText, type TextParts } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { decideVersion, type VersionCommand } from "./decide-version.ts";
import { BY, RegistryLog } from "./registry-log.fixture.ts";
import { missingTexts } from "./text-of.ts";

function schemaOf(...names: readonly string[]) {
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    required: names,
  };
}

function textOf(body: TextParts["body"], more: Partial<TextParts> = {}) {
  return buildText({ model: "gpt-5-mini", body, input: schemaOf("ticket"), ...more });
}

function register(log: RegistryLog, command: Pick<VersionCommand, "key" | "text"> & Partial<VersionCommand>) {
  const whole = {
    author: "ada",
    message: null,
    source: "file",
    commit: null,
    by: BY,
    texts: log.texts,
  } as const;
  return log.append((state) => decideVersion(state, { ...whole, ...command }));
}

describe("decideVersion", () => {
  it("numbers texts 1, 2, 3, each made from the one before", () => {
    const log = new RegistryLog();
    const first = register(log, { key: "triage", text: textOf("A {{ticket}}") });
    const second = register(log, { key: "triage", text: textOf("B {{ticket}}"), message: "kinder" });
    expect([first.version, second.version]).toEqual([1, 2]);
    expect(log.state.prompts.get("triage")?.versions.get(2)).toMatchObject({
      parent: 1,
      message: "kinder",
      source: "file",
      author: "ada",
      hash: hashText(textOf("B {{ticket}}")),
      bodyHash: hashBody(textOf("B {{ticket}}")),
    });
    expect(log.texts.get(second.hash)).toEqual(textOf("B {{ticket}}"));
  });

  it("creates nothing for content that is a version already", () => {
    const log = new RegistryLog();
    register(log, { key: "triage", text: textOf("A {{ticket}}") });
    register(log, { key: "triage", text: textOf("B {{ticket}}") });
    const before = log.records.length;
    expect(register(log, { key: "triage", text: textOf("A {{ticket}}") })).toMatchObject({
      version: 1,
      created: false,
      metadataChanged: false,
    });
    expect(log.records).toHaveLength(before);
  });

  it("records changed metadata alone when the text is known, and keeps facts that were not given", () => {
    const log = new RegistryLog();
    const text = textOf("A {{ticket}}");
    register(log, { key: "triage", text, metadata: { owner: "support", risk: "high" } });
    const again = register(log, { key: "triage", text, metadata: { purpose: "Sorts." } });
    expect(again).toMatchObject({ created: false, metadataChanged: true });
    expect(log.state.prompts.get("triage")?.metadata).toMatchObject({
      owner: "support",
      risk: "high",
      purpose: "Sorts.",
    });
    const before = log.records.length;
    register(log, { key: "triage", text, metadata: { owner: "support" } });
    expect(log.records).toHaveLength(before);
  });

  it("refuses a parent that is not there", () => {
    expect(() =>
      register(new RegistryLog(), { key: "triage", text: textOf("{{ticket}}"), parent: 4 }),
    ).toThrow(expect.objectContaining({ code: "version-unknown", message: expect.stringContaining("v4") }));
  });

  it.each<[string, TextParts["body"], Partial<TextParts>, string, string]>([
    ["a placeholder outside the contract", "{{ticket}} {{user}}", {}, "misfit", "{{user}}"],
    ["a required variable that nobody reads", "Hello", {}, "prompt-invalid", "ticket is required"],
    [
      "an untrusted name outside the contract",
      "{{ticket}}",
      { untrusted: ["tiket"] },
      "prompt-invalid",
      "tiket",
    ],
    ["a cache breakpoint beyond the messages", "{{ticket}}", { cache: [1] }, "prompt-invalid", "message 1"],
    [
      "a cache breakpoint without a system part",
      "{{ticket}}",
      { cache: ["system"] },
      "prompt-invalid",
      "system part",
    ],
    [
      "a locale that is no language",
      "{{ticket}}",
      { locales: { "d!": "{{ticket}}" } },
      "prompt-invalid",
      "d!",
    ],
    [
      "a locale that loses a variable",
      "{{ticket}}",
      { locales: { de: "Hallo" } },
      "prompt-invalid",
      "locale de",
    ],
    [
      "a locale outside the contract",
      "{{ticket}}",
      { locales: { de: "{{ticket}} {{x}}" } },
      "misfit",
      "{{x}}",
    ],
    [
      "a locale of another form",
      "{{ticket}}",
      { locales: { de: [{ role: "user", content: "{{ticket}}" }] } },
      "prompt-invalid",
      "list of messages",
    ],
    [
      "a default locale with a second text",
      "{{ticket}}",
      { defaultLocale: "en", locales: { en: "{{ticket}}" } },
      "prompt-invalid",
      "default locale",
    ],
    ["a broken template", "{{#if ticket}}", {}, "template-syntax", "triage"],
    ["a broken translation", "{{ticket}}", { locales: { de: "{{ticket" } }, "template-syntax", "locale de"],
    [
      "a choice of a tool that is not there",
      "{{ticket}}",
      { toolChoice: { tool: "x" } },
      "prompt-invalid",
      "x",
    ],
    [
      "two tools of one name",
      "{{ticket}}",
      {
        tools: [
          { name: "x", input: {} },
          { name: "x", input: {} },
        ],
      },
      "prompt-invalid",
      "twice",
    ],
  ])("refuses %s", (...[, body, more, code, sentence]) => {
    const log = new RegistryLog();
    const before = log.records.length;
    expect(() => register(log, { key: "triage", text: textOf(body, more) })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(sentence) }),
    );
    expect(log.records).toHaveLength(before);
  });

  it("counts the messages that a text marks with roles", () => {
    const body = '{{role "system"}}Be kind.{{role "user"}}{{ticket}}';
    expect(
      register(new RegistryLog(), { key: "triage", text: textOf(body, { cache: ["system", 1] }) }).version,
    ).toBe(1);
    expect(() => register(new RegistryLog(), { key: "triage", text: textOf(body, { cache: [2] }) })).toThrow(
      expect.objectContaining({ code: "prompt-invalid" }),
    );
  });

  it("lets a translation leave out what is optional", () => {
    const input = { ...schemaOf("ticket", "note"), required: ["ticket"] };
    const text = textOf("{{ticket}}{{#if note}}{{note}}{{/if}}", { input, locales: { de: "{{ticket}}" } });
    expect(register(new RegistryLog(), { key: "triage", text }).created).toBe(true);
  });
});

describe("partials of a version", () => {
  const tone = textOf("Be kind to {{ticket}}.");
  const bare = buildText({ model: "gpt-5-mini", body: "Be brief." });

  it("are pinned into the hash by the hash of their version", () => {
    const log = new RegistryLog();
    const { hash } = register(log, { key: "shared.tone", text: tone });
    const made = register(log, { key: "triage", text: textOf("{{> shared.tone@v1}}") });
    expect(log.texts.get(made.hash)?.partials).toEqual({ "shared.tone@v1": hash });
  });

  it("are refused when the version is not there", () => {
    const log = new RegistryLog();
    expect(() => register(log, { key: "triage", text: textOf("{{> shared.tone@v1}}{{ticket}}") })).toThrow(
      expect.objectContaining({ code: "partial-missing", message: expect.stringContaining("shared.tone") }),
    );
    register(log, { key: "shared.tone", text: tone });
    expect(() => register(log, { key: "triage", text: textOf("{{> shared.tone@v2}}") })).toThrow(
      expect.objectContaining({ code: "partial-missing", message: expect.stringContaining("newest is v1") }),
    );
    expect(() => register(log, { key: "triage", text: textOf("{{> shared.tome}}{{ticket}}") })).toThrow(
      expect.objectContaining({ code: "partial-missing" }),
    );
  });

  it("are refused when they were withdrawn, but not for content that is a version already", () => {
    const log = new RegistryLog();
    register(log, { key: "shared.tone", text: tone });
    const text = textOf("{{> shared.tone@v1}}");
    register(log, { key: "triage", text });
    log.write({ kind: "withdrawal", by: BY, data: { key: "shared.tone", version: 1, reason: "rude" } });
    expect(register(log, { key: "triage", text }).created).toBe(false);
    expect(() => register(log, { key: "triage", text: textOf("Now {{> shared.tone@v1}}") })).toThrow(
      expect.objectContaining({ code: "withdrawn", message: expect.stringContaining("rude") }),
    );
  });

  it("count as readers of the contract, and have to fit it", () => {
    const log = new RegistryLog();
    register(log, { key: "shared.tone", text: tone });
    expect(register(log, { key: "triage", text: textOf("{{> shared.tone}}") }).created).toBe(true);
    const input = schemaOf("other");
    expect(() =>
      register(log, { key: "other", text: textOf("{{other}} {{> shared.tone}}", { input }) }),
    ).toThrow(expect.objectContaining({ code: "misfit", message: expect.stringContaining("{{ticket}}") }));
  });

  it("are read where they stand: inside an each, their fields are those of the items", () => {
    const log = new RegistryLog();
    const line = buildText({ model: "gpt-5-mini", body: "- {{name}}", input: schemaOf("name") });
    register(log, { key: "shared.line", text: line });
    const input = {
      type: "object",
      properties: { items: { type: "array", items: schemaOf("name") } },
      required: ["items"],
    };
    const text = textOf("{{#each items}}{{> shared.line@v1}}{{/each}}", { input });
    expect(register(log, { key: "list", text }).created).toBe(true);
  });

  it("cannot include themselves, neither directly nor on a way round", () => {
    const log = new RegistryLog();
    const self = buildText({ model: "gpt-5-mini", body: "{{> a}}" });
    expect(() => register(log, { key: "a", text: self })).toThrow(
      expect.objectContaining({ code: "partial-cycle" }),
    );
    register(log, { key: "b", text: bare });
    register(log, { key: "a", text: buildText({ model: "gpt-5-mini", body: "{{> b}}" }) });
    expect(() => register(log, { key: "b", text: self })).toThrow(
      expect.objectContaining({ code: "partial-cycle", message: expect.stringContaining("a → b") }),
    );
  });

  it("may be an older version of the same prompt", () => {
    const log = new RegistryLog();
    register(log, { key: "a", text: bare });
    const text = buildText({ model: "gpt-5-mini", body: "{{> a@v1}} And kind." });
    expect(register(log, { key: "a", text }).version).toBe(2);
  });

  it("are asked for by hash when their texts were not loaded", () => {
    const log = new RegistryLog();
    const { hash } = register(log, { key: "shared.tone", text: tone });
    let asked: readonly string[] = [];
    try {
      register(log, { key: "triage", text: textOf("{{> shared.tone@v1}}"), texts: new Map() });
    } catch (error) {
      asked = missingTexts(error);
    }
    expect(asked).toEqual([hash]);
  });
});
