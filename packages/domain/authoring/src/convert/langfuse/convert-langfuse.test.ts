/** Holds the import of Langfuse to Langfuse's own rule of variables, and its refusals to their sentences. */
import { compileBody, HarnessError, type VersionText } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkText } from "../../check-text.ts";
import { printPromptFile } from "../../prompt-file/print-prompt-file.ts";
import { keyOfPath } from "../../prompt-file/prompt-file-path.ts";
import { readPromptFile } from "../../prompt-file/read-prompt-file.ts";
import type { Imported } from "../imported.ts";
import { Remarks } from "../imported.ts";
import { convertLangfuse, type LangfuseOptions } from "./convert-langfuse.ts";
import { convertLangfuseDataset } from "./convert-langfuse-dataset.ts";

const ALL: LangfuseOptions = { model: "gpt-5-mini", versions: "all" };

function version(prompt: unknown, more: object = {}): object {
  return { name: "triage", version: 1, type: "text", prompt, config: {}, labels: [], tags: [], ...more };
}

function convert(values: readonly object[], options: LangfuseOptions = ALL): Imported {
  return convertLangfuse(
    values.map((value, index) => ({ from: `value ${index + 1}`, value })),
    options,
  );
}

function textOf({ versions, left }: Imported, index = 0): VersionText {
  const found = versions[index];
  if (found === undefined) throw new Error(JSON.stringify(left));
  return found.spec.text;
}

function render(text: VersionText, variables: object, partials?: ReadonlyMap<string, VersionText>): string {
  const bodies = new Map([...(partials ?? [])].map(([name, one]) => [name, one.body]));
  const messages = compileBody(text.body, { partials: bodies }).render(variables as Record<string, unknown>);
  return messages.map(({ content }) => content).join("|");
}

/** Langfuse's own rule: a variable is replaced, by nothing where it is missing, and all else is text. */
function langfuse(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g, (_, name: string) => variables[name] ?? "");
}

describe("convertLangfuse", () => {
  it("renders what Langfuse renders, with each variable given or missing", () => {
    const piece = fc.oneof(
      fc.constantFrom("{{name}}", "{{ plan }}", "{{history}}", "{{role}}", "{{else}}", "{{json}}"),
      fc.constantFrom(
        "\n",
        "  ",
        "\n  ",
        "{",
        "}",
        "\\",
        "{{",
        '{"a": 1}',
        '{{ "a": 1 }}',
        "{{}}",
        "a",
        ". ",
      ),
      fc.string({ maxLength: 5 }),
    );
    const value = fc.option(fc.constantFrom("", "x", "{{name}}", "\n", "0", "false"), { nil: undefined });
    const names = ["name", "plan", "history", "role", "else", "json"];
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 12 }),
        fc.record(Object.fromEntries(names.map((name) => [name, value]))),
        (pieces, given) => {
          const source = `Say: ${pieces.join("")}`;
          const variables = Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined));
          const imported = convert([version(source)]);
          const [taken] = imported.versions;
          // Names and tags that have no counterpart are refused, never guessed.
          if (taken === undefined) {
            expect(imported.left).toHaveLength(1);
            return;
          }
          const wanted = langfuse(source, variables as Record<string, string>).replaceAll("\r\n", "\n");
          const rendered = render(taken.spec.text, variables);
          const isBlanked = imported.changes.some(({ sentence }) => sentence.startsWith("a blank was put"));
          if (isBlanked) expect(rendered.replace(/ /g, "")).toBe(wanted.replace(/ /g, ""));
          else expect(rendered).toBe(wanted);
        },
      ),
      { numRuns: 600 },
    );
  });

  it("makes each variable an optional text of the contract, which fits the body", () => {
    const text = textOf(convert([version("Hello {{name}} of {{user.team}}.")]));
    expect(text.body).toBe("Hello {{#if name}}{{name}}{{/if}} of {{#if user.team}}{{user.team}}{{/if}}.");
    expect(text.input.properties).toEqual({
      name: { type: ["string", "null"] },
      user: {
        type: ["object", "null"],
        properties: { team: { type: ["string", "null"] } },
        additionalProperties: false,
      },
    });
    expect(text.input.required).toBeUndefined();
    expect(() => checkText({ key: "triage", text, partials: new Map() })).not.toThrow();
  });

  it("puts a blank where braces of the text touch a tag, and says in which line", () => {
    const imported = convert([version('Answer\n{"name": {{name}}}')]);
    expect(render(textOf(imported), { name: '"Ada"' })).toBe('Answer\n{"name": "Ada" }');
    expect(imported.changes).toMatchObject([
      { from: "triage v1", line: 2, sentence: expect.stringMatching(/^a blank/) },
    ]);
  });

  it.each([
    ["{{#items}}x{{/items}}", /\{\{#items\}\} is a tag of Mustache/],
    ["a\n{{! note }}", /is a tag of Mustache/],
    ["{{{name}}}", /is a tag of Mustache/],
    ["{{user name}}", /rename it/],
    ["{{true}}", /rename it/],
    ["@@@langfusePrompt:tone@@@", /is no reference/],
    ["@@@langfusePrompt:name=tone|version=2@@@", /tone version 2, which is not among/],
    ["  ", /empty/],
  ])("refuses %j with its line and what to do", (prompt, sentence) => {
    const { versions, left } = convert([version(prompt)]);
    expect(versions).toEqual([]);
    expect(left).toMatchObject([{ from: "triage v1", sentence: expect.stringMatching(sentence) }]);
  });

  it("takes chat messages with one placeholder as the slot of the history, and refuses two", () => {
    const messages = [
      { role: "system", content: "Be brief with {{name}}." },
      { type: "placeholder", name: "chat_history" },
      { role: "user", content: "{{question}}" },
    ];
    const one = convert([version(messages, { type: "chat" })]);
    expect(textOf(one).body).toEqual([
      { role: "system", content: "Be brief with {{#if name}}{{name}}{{/if}}." },
      "history",
      { role: "user", content: "{{#if question}}{{question}}{{/if}}" },
    ]);
    expect(one.changes[0]?.sentence).toContain("chat_history");
    const two = convert([version([...messages, { type: "placeholder", name: "other" }], { type: "chat" })]);
    expect(two.left[0]?.sentence).toMatch(/2 placeholders/);
  });

  it("takes all versions in order, with labels, authors, dates and tags", () => {
    const { versions } = convert([
      version("B", {
        version: 2,
        labels: ["production", "latest"],
        commitMessage: "shorter",
        createdBy: "ada",
      }),
      version("A", { version: 1, tags: ["desk"], createdAt: "2025-01-02T00:00:00Z" }),
    ]);
    expect(versions.map(({ number, spec }) => [number, spec.text.body])).toEqual([
      [1, "A"],
      [2, "B"],
    ]);
    expect(versions[0]).toMatchObject({ at: "2025-01-02T00:00:00Z", spec: { metadata: { tags: ["desk"] } } });
    expect(versions[1]).toMatchObject({
      author: "ada",
      message: "shorter",
      labels: ["production", "latest"],
    });
  });

  it("takes model, parameters, tools and the answer's contract from the config, and names what it leaves", () => {
    const schema = { type: "object", properties: { label: { type: "string" } }, required: ["label"] };
    const tool = { name: "find", description: "Finds.", parameters: { type: "object", properties: {} } };
    const config = {
      model: "claude-sonnet-4-5",
      temperature: 0.2,
      max_tokens: 300,
      tools: [{ type: "function", function: tool }],
      tool_choice: { type: "function", function: { name: "find" } },
      response_format: { type: "json_schema", json_schema: { name: "answer", schema } },
      supported_languages: ["en"],
    };
    const imported = convert([version("Sort.", { config })]);
    expect(textOf(imported)).toMatchObject({
      model: {
        provider: "anthropic",
        id: "claude-sonnet-4-5",
        parameters: { temperature: 0.2, max_tokens: 300 },
      },
      tools: [{ name: "find", description: "Finds." }],
      toolChoice: { tool: "find" },
      output: schema,
    });
    expect(imported.left).toEqual([
      {
        from: "triage v1",
        line: null,
        sentence: expect.stringMatching(/^config\.supported_languages is left out/),
      },
    ]);
  });

  it("refuses a prompt without a model unless one is given", () => {
    const { left } = convert([version("A")], { ...ALL, model: null });
    expect(left[0]?.sentence).toMatch(/--model NAME/);
  });

  it("makes references partials, pinned by the source's numbers, labels by what they name now", () => {
    const imported = convert([
      version(
        "@@@langfusePrompt:name=shared/tone|version=1@@@\nand\n  @@@langfusePrompt:name=shared/tone|label=production@@@\nend",
        {
          name: "a",
        },
      ),
      version("Be kind to {{name}}.\nTwice.", { name: "shared/tone", version: 1 }),
      version("Be brief.", { name: "shared/tone", version: 2, labels: ["production"] }),
    ]);
    expect(imported.left).toEqual([]);
    expect(imported.versions.map(({ from }) => from)).toEqual(["shared/tone v1", "a v1", "shared/tone v2"]);
    const text = textOf(imported, 1);
    expect(text.body).toBe("{{> shared/tone@v1}}\n\nand\n  Be brief.\nend");
    expect(Object.keys(text.input.properties as object)).toEqual(["name"]);
    const partials = new Map([["shared/tone@v1", textOf(imported, 0)]]);
    expect(render(text, { name: "Ada" }, partials)).toBe("Be kind to Ada.\nTwice.\nand\n  Be brief.\nend");
    expect(imported.changes.map(({ line }) => line)).toEqual([3]);
  });

  it("pins a label to the version that has it, and says so", () => {
    const { versions, changes } = convert([
      version("Rules: @@@langfusePrompt:name=tone|label=production@@@", { name: "a" }),
      version("Kind.", { name: "tone", version: 3, labels: ["production"] }),
    ]);
    expect(versions[1]?.spec.text.body).toBe("Rules: {{> tone@v3}}");
    expect(changes[0]?.sentence).toMatch(/by the label production is pinned .* v3/);
  });

  it("refuses circles of references, and what refers to something refused", () => {
    const circle = convert([
      version("@@@langfusePrompt:name=b|version=1@@@", { name: "a" }),
      version("@@@langfusePrompt:name=a|version=1@@@", { name: "b" }),
    ]);
    expect(circle.versions).toEqual([]);
    expect(circle.left.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/break the circle/),
      expect.stringMatching(/could not be taken/),
    ]);
  });

  it("takes the newest version for a file, with references that float, and says so", () => {
    const imported = convert(
      [
        version("@@@langfusePrompt:name=tone|version=2@@@ @@@langfusePrompt:name=tone|version=1@@@", {
          name: "a",
        }),
        version("Old.", { name: "tone", version: 1 }),
        version("New.", { name: "tone", version: 2 }),
      ],
      { ...ALL, versions: "newest" },
    );
    expect(imported.versions.map(({ from }) => from)).toEqual(["tone v2", "a v1"]);
    expect(textOf(imported, 1).body).toBe("{{> tone}} Old.");
    expect(imported.changes.map(({ sentence }) => sentence).join("\n")).toMatch(
      /pin it[\s\S]*written in[\s\S]*--to registry/,
    );
  });

  it("keeps slash keys, maps names that no key can hold, and keeps them apart", () => {
    const { versions, changes } = convert([
      version("A", { name: "support/triage" }),
      version("B", { name: "Grüße an alle" }),
      version("C", { name: "Grusse an alle" }),
      version("D", { name: "Gru-e-an-alle" }),
    ]);
    const keys = versions.map(({ spec }) => spec.key);
    expect(keys).toContain("support/triage");
    expect(new Set(keys).size).toBe(4);
    expect(changes.map(({ from }) => from).sort()).toEqual(["Grusse an alle", "Grüße an alle"]);
  });

  it("comes back from a prompt file as it went in", () => {
    const { versions } = convert([
      version([
        { role: "system", content: "A {{x}}\n" },
        { type: "placeholder", name: "h" },
        { role: "user", content: "{{y}}" },
      ]),
    ]);
    const spec = versions[0]?.spec as NonNullable<(typeof versions)[0]>["spec"];
    const file = printPromptFile(spec, { keyFromPath: keyOfPath("triage.prompt") });
    expect(readPromptFile(file, { name: "triage.prompt", key: "triage" })).toEqual(spec);
  });

  it("says of a version that came twice with different texts which one counts", () => {
    const { versions, left } = convert([version("One."), version("One."), version("Two.")]);
    expect(versions).toHaveLength(1);
    expect(left).toMatchObject([{ sentence: expect.stringMatching(/came twice.*the first was taken/) }]);
  });

  it.each([
    [null, /it is no prompt/],
    [{ name: "a" }, /its version is missing/],
    [{ name: "a", version: 1.5, prompt: "x" }, /its version is 1\.5: it must be a whole number/],
    [{ name: "a", version: 1, prompt: 7 }, /neither a text nor a list/],
    [
      { name: "a", version: 1, prompt: [{ role: "user", content: [{ type: "image_url" }] }] },
      /content that is no text/,
    ],
    [{ name: "a", version: 1, prompt: [{ role: "tool", content: "x" }] }, /the role tool/],
    [{ name: "a", version: 1, prompt: "x", config: "y" }, /config is no object/],
  ])("refuses %j for itself alone", (value, sentence) => {
    const { versions, left } = convert([version("Fine."), value as object]);
    expect(versions).toHaveLength(1);
    expect(left).toMatchObject([{ sentence: expect.stringMatching(sentence) }]);
  });

  it("ends texts that would grow without bound", () => {
    const level = (name: string, target: string) =>
      version(`x\n  @@@langfusePrompt:name=${target}|version=1@@@\n`.repeat(40), { name });
    const values = [version("y".repeat(1_000), { name: "p0" })];
    for (let depth = 1; depth <= 6; depth++) values.push(level(`p${depth}`, `p${depth - 1}`));
    const { left } = convert(values);
    expect(left.some(({ sentence }) => /more than 1000000 characters/.test(sentence))).toBe(true);
  });

  it("throws nothing but errors of its own", () => {
    expect(() => convert([version("x", { config: { model: 7 } })])).not.toThrow(HarnessError);
  });
});

describe("convertLangfuseDataset", () => {
  it("makes cases of items, with what is expected and metadata as tags, and leaves archived ones out", () => {
    const remarks = new Remarks();
    const set = convertLangfuseDataset(
      {
        name: "tickets",
        items: [
          {
            id: "i1",
            status: "ACTIVE",
            input: { ticket: "x" },
            expectedOutput: "billing",
            metadata: { team: "eu", n: { a: 1 } },
          },
          { id: "i2", status: "ACTIVE", input: "plain", expectedOutput: { label: "bug" } },
          { id: "i3", status: "ARCHIVED", input: { ticket: "y" } },
          { id: "i4", status: "ACTIVE", input: null },
          { id: "i5", status: "ACTIVE", input: { ticket: "z" }, expectedOutput: null },
        ],
      },
      remarks,
    );
    const whole = new Remarks();
    convertLangfuseDataset(
      { name: "told", items: [{ sourceTraceId: "t1" }], about: { description: "x", metadata: {}, id: "d" } },
      whole,
    );
    expect(whole.changes.map(({ sentence }) => sentence).slice(0, 2)).toEqual([
      "its description stays behind: an eval set has a name and cases.",
      "the traces that 1 items come from stay behind.",
    ]);
    expect(set.cases).toMatchObject([
      {
        id: "i1",
        variables: { ticket: "x" },
        expected: { kind: "reference", value: "billing" },
        tags: ["team:eu"],
      },
      { id: "i2", variables: { input: "plain" }, expected: { kind: "json", value: { label: "bug" } } },
    ]);
    expect(remarks.changes.map(({ sentence }) => sentence)).toEqual([
      "1 archived items were left out.",
      "1 inputs are no object of variables: each is the variable input here.",
      "its 2 cases are all in the test split, since they are fewer than 20.",
    ]);
    expect(remarks.left.map(({ sentence }) => sentence)).toEqual([
      "the metadata n of item 1 are no tag.",
      "item 4 has no input, and a case has variables.",
      expect.stringMatching(/^1 items expect nothing/),
    ]);
  });
});

describe("what a Langfuse prompt says beside words", () => {
  it("is said to be left: names of messages, and how providers hold calls to arguments", () => {
    const tool = {
      type: "function",
      function: { name: "search", parameters: { type: "object" }, strict: true },
    };
    const value = {
      ...{ name: "chat", version: 1, config: { model: "gpt-5-mini", tools: [tool] } },
      prompt: [
        { role: "system", content: "Hi", name: "bob" },
        { type: "placeholder", name: "history" },
      ],
    };
    const { versions, left } = convertLangfuse([{ from: "x", value }], { model: null, versions: "all" });
    expect(versions).toHaveLength(1);
    expect(left.map(({ sentence }) => sentence)).toEqual([
      "of message 1, name is left out: a message has a role and words.",
      "strict of the tool search is left out: a tool has a name, a description and arguments.",
    ]);
  });
});
