/** Tests of reading and writing prompt files: every field, the rules of the body, and where errors point. */
import { type HarnessError, hashText } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { readPromptSpec } from "../read-prompt-spec.ts";
import { printPromptFile } from "./print-prompt-file.ts";
import { readPromptFile } from "./read-prompt-file.ts";

const place = { name: "prompts/support/triage.prompt", key: "support.triage" };

function read(source: string | Uint8Array, key: string | null = place.key) {
  return readPromptFile(source, { ...place, key });
}

function errorOf(source: string | Uint8Array, key: string | null = place.key): HarnessError {
  try {
    read(source, key);
  } catch (error) {
    return error as HarnessError;
  }
  throw new Error("The file was read.");
}

/** A file with a model and these lines of front matter; its body begins three lines further down. */
function file(lines: string, body = "Hello."): string {
  return `---\nmodel: gpt-5-mini\n${lines === "" ? "" : `${lines}\n`}---\n${body}\n`;
}

const whole = `# Who may change this: see OWNERS.

---
name: support.triage
description: Sorts tickets.
model: house/m-1
config:
  temperature: 0.2
input:
  schema:
    ticket: string, what the customer wrote
    order?: { number: integer }
output:
  schema: { label(enum): [billing, bug] }
toolDefs:
  - name: look
    description: Looks up.
    inputSchema: { query: string }
  - name: end
tools: [look]
colophon.owner: support
colophon.risk: high
colophon.tags: [tickets, eu]
colophon.evalSet: null
colophon.backup: [claude-haiku-4-5]
colophon.routes:
  long: { id: gpt-5, parameters: { top_p: 1 } }
colophon.toolChoice: { tool: look }
colophon.untrusted: [ticket]
colophon.cache: [system, 0]
colophon.defaultLocale: en
colophon.locales:
  de: |
    Sortiere: {{ticket}}
---
{{role "system"}}Sort tickets.
{{role "user"}}{{ticket}}{{#if order}}{{order.number}}{{/if}}
`;

const object = (properties: object, required: readonly string[]) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const same = {
  key: "support.triage",
  body: '{{role "system"}}Sort tickets.\n{{role "user"}}{{ticket}}{{#if order}}{{order.number}}{{/if}}',
  model: { id: "m-1", provider: "house" },
  parameters: { temperature: 0.2 },
  input: {
    ...object(
      {
        ticket: { type: "string", description: "what the customer wrote" },
        order: { ...object({ number: { type: "integer" } }, ["number"]), type: ["object", "null"] },
      },
      ["ticket"],
    ),
  },
  output: object({ label: { enum: ["billing", "bug"] } }, ["label"]),
  tools: [
    { name: "look", description: "Looks up.", input: object({ query: { type: "string" } }, ["query"]) },
    { name: "end" },
  ],
  toolChoice: { tool: "look" },
  untrusted: ["ticket"],
  cache: ["system", 0],
  defaultLocale: "en",
  locales: { de: "Sortiere: {{ticket}}\n" },
  purpose: "Sorts tickets.",
  owner: "support",
  risk: "high",
  tags: ["tickets", "eu"],
  evalSet: null,
  backup: ["claude-haiku-4-5"],
  routes: { long: { id: "gpt-5", parameters: { top_p: 1 } } },
};

describe("a prompt file", () => {
  it("says every field of a prompt, and comes to the same hash as the same prompt in YAML", () => {
    const spec = readPromptSpec(same, "triage.yaml");
    expect(read(whole)).toEqual(spec);
    expect(hashText(read(whole).text)).toBe(hashText(spec.text));
    expect(read(printPromptFile(spec))).toEqual(spec);
  });

  it("is the same from bytes, with a byte order mark and with line ends of another system", () => {
    const bytes = new TextEncoder().encode(`\uFEFF${whole.replaceAll("\n", "\r\n")}`);
    expect(read(bytes)).toEqual(read(whole));
  });

  it("takes its key from its path, unless it says its name", () => {
    expect(read(file("")).key).toBe("support.triage");
    expect(read(file("name: team/other.key")).key).toBe("team/other.key");
    expect(errorOf(file(""), null).message).toContain("name is missing, and the path says none");
    expect(errorOf(file(""), "my prompts.a").message).toContain("rename the file, or write a name");
  });

  it("leaves its name out where the path says the same", () => {
    const spec = read(file(""));
    expect(printPromptFile(spec, { keyFromPath: "support.triage" })).toBe(file(""));
    expect(printPromptFile(spec, { keyFromPath: "other" })).toMatch(/^---\nname: support\.triage\n/);
  });

  it("says of the answer that it is JSON of any shape, JSON of one, or text", () => {
    expect(read(file("output: { format: json }")).text.output).toEqual({});
    expect(read(file("output: { schema: string }")).text.output).toEqual({ type: "string" });
    expect(read(file("output: { format: text }")).text.output).toBeUndefined();
    expect(errorOf(file("output: { format: text, schema: string }")).message).toContain(
      "a schema is for JSON",
    );
  });

  it("says nothing of metadata that it does not mention, and takes a fact away by null", () => {
    expect(read(file("")).metadata).toEqual({});
    expect(read(file("description: null")).metadata).toEqual({ purpose: null });
  });

  it("never carries a fact over to the prototype of anything", () => {
    const { text } = read(file("config: { __proto__: { polluted: 1 } }"));
    expect(Object.keys(text.model.parameters ?? {})).toEqual(["__proto__"]);
    expect(({} as { readonly polluted?: number }).polluted).toBeUndefined();
  });

  it("copies what an alias stands for", () => {
    const { routes } = read(file("colophon.routes: { a: &a { id: gpt-5 }, b: *a }")).metadata;
    expect(routes?.b).toEqual(routes?.a);
    expect(routes?.b).not.toBe(routes?.a);
    const anchors = "config: { a: &x 1, b: &y [*x], c: &x 2, d: *y, e: *x }";
    expect(read(file(anchors)).text.model.parameters).toEqual({ a: 1, b: [1], c: 2, d: [1], e: 2 });
  });
});

describe("the body of a prompt file", () => {
  it.each([
    ["one line", "Hello.\n", "Hello."],
    ["a line end of its own", "Hello.\n\n", "Hello.\n"],
    ["no line end at the end of the file", "Hello.", "Hello."],
    ["an empty line in front", "\nHello.\n", "\nHello."],
    ["lines of three hyphens", "---\na\n---\n", "---\na\n---"],
    ["blanks at both ends", "  Hello. \n", "  Hello. "],
    ["a carriage return", "a\rb\n", "a\rb"],
    ["one at the end", "a\r", "a\r"],
  ])("keeps %s", (_, after, body) => {
    const source = `---\nmodel: gpt-5-mini\n---\n${after}`;
    const spec = read(source);
    expect(spec.text.body).toBe(body);
    expect(read(printPromptFile(spec))).toEqual(spec);
  });

  it("is a list of messages where it says so, each from its role's line to the next", () => {
    const lines = [
      '{{role "system"}}',
      "You are brief.",
      "",
      "Be kind.",
      "{{history}}",
      '{{role "user"}}',
      "",
      "{{question}}",
      "",
    ];
    const spec = read(file("colophon.messages: true", lines.join("\n")));
    expect(spec.text.body).toEqual([
      { role: "system", content: "You are brief.\n\nBe kind." },
      "history",
      { role: "user", content: "\n{{question}}\n" },
    ]);
    expect(printPromptFile(spec, { keyFromPath: spec.key })).toBe(
      file("colophon.messages: true", lines.join("\n")),
    );
  });

  it("may have roles and words on one line", () => {
    const body = "\n{{role \"system\"}}Be brief.{{history}}\n\n{{ role 'model' }}{{a}}";
    expect(read(file("colophon.messages: true", body)).text.body).toEqual([
      { role: "system", content: "Be brief." },
      "history",
      { role: "assistant", content: "{{a}}" },
    ]);
  });

  it("refuses words without a role in a list of messages", () => {
    const { code, message } = errorOf(file("colophon.messages: true", '\n Hi.\n{{role "user"}}\nx'));
    expect(code).toBe("prompt-invalid");
    expect(message).toMatch(/^prompts\/support\/triage\.prompt:6:2: this text has no role/);
    expect(errorOf(file("colophon.messages: true")).message).toContain(":5:1: this text has no role");
  });

  it("is written only where it can be read back", () => {
    const { text, metadata } = read(file(""));
    const lost = { key: "a", metadata, text: { ...text, body: "a\r\nb" } };
    expect(() => printPromptFile(lost)).toThrow(expect.objectContaining({ code: "prompt-invalid" }));
    const nested = [{ role: "user", content: 'a\n{{role "user"}}\nb' }] as const;
    expect(() => printPromptFile({ key: "a", metadata, text: { ...text, body: nested } })).toThrow(
      expect.objectContaining({ code: "template-syntax" }),
    );
  });
});

describe("an error in a prompt file", () => {
  it.each([
    ["modle: x", "3:1", "modle is no field here: did you mean model?"],
    ["colophon.onwer: x", "3:1", "colophon.onwer is no field here: did you mean colophon.owner?"],
    ["acme.team: x", "3:1", "acme.team is no field here: use name, description, model"],
    ["variant: formal", "3:1", "variant is not read here: a variant is a version of the same prompt"],
    ['version: "2"', "3:1", "version is not read here"],
    ["metadata: { a: b }", "3:1", "metadata is not read here"],
    ["ext: { a: b }", "3:1", "ext is not read here"],
    ["raw: {}", "3:1", "raw is not read here"],
    ["colophon:\n  owner: x", "3:1", "write colophon.owner: NAME, not an object under colophon"],
    ["config: 5", "3:1", "config is 5: give an object."],
    ["input:", "3:1", "input is null: give an object with schema."],
    ["input:\n  default: { a: b }", "4:3", "input.default is not read: nothing fills in"],
    ["input:\n  schema: string", "4:3", "variables have names"],
    ["input:\n  schema:\n    a: strng", "5:5", 'input.schema.a is "strng": did you mean string?'],
    [
      "input:\n  schema:\n    type: object\n    required: a",
      "6:5",
      'input.schema.required is "a": give a list.',
    ],
    ["output:\n  format: media", "4:3", 'output.format is "media": use json or text.'],
    ["tools: [look]", "3:9", 'tools[0] is "look": toolDefs defines no such tool'],
    ["toolDefs:\n  - name: a\n    outputSchema: string", "5:5", "toolDefs[0].outputSchema is not kept"],
    ["toolDefs:\n  - nmae: a", "4:5", "toolDefs[0].nmae is no field here: did you mean name?"],
    ["colophon.risk: hgih", "3:1", 'colophon.risk is "hgih": did you mean "high"?'],
    ["colophon.messages: yes", "3:1", 'colophon.messages is "yes": write true, or leave it out.'],
    ["colophon.tags:\n  - a\n  - 5", "5:5", "colophon.tags[1] is 5: give a text."],
    ["colophon.backup: [openai/]", "3:19", 'colophon.backup[0] is "openai/": name a model'],
    ["colophon.routes:\n  long: { id: 5 }", "4:11", "colophon.routes.long.id is 5: give a text."],
    ["colophon.locales:\n  de: [x]", "4:8", 'colophon.locales.de[0] is "x"'],
    ["name: a b", "3:1", 'The key "a b" is no name of a prompt'],
  ])("of the front matter %j points to %s", (lines, at, sentence) => {
    const { code, message, details } = errorOf(file(lines));
    expect(code).toBe("prompt-invalid");
    expect(message).toContain(`${place.name}:${at}: `);
    expect(message).toContain(sentence);
    const [line, column] = at.split(":").map(Number);
    expect(details).toMatchObject({ file: place.name, line, column });
  });

  it.each([
    ["a: [1", 4, "Flow sequence in block collection"],
    ["config:\n\ta: 1", 4, "Tabs are not allowed as indentation"],
    ["config: { a: 1, a: 2 }", 3, "a is there twice: keep one."],
    ["model: x", 3, "model is there twice: keep one."],
    ["config: { a: !acme x }", 3, "Unresolved tag: !acme"],
    ["config: { a: !!binary aGVsbG8= }", 3, "Unresolved tag"],
    ["config: { a: !!timestamp 2024-01-01 }", 3, "Unresolved tag"],
    ["config: { a: .nan }", 3, ".nan is a number that JSON cannot hold."],
    ["config: { a: -.inf }", 3, "-.inf is a number that JSON cannot hold."],
    ["config: { a: 12345678901234567890123 }", 3, "has more digits than a number keeps"],
    ['config: { a: "\\uD800" }', 3, "half a surrogate pair"],
    ["config: { a: &a [1], <<: *a }", 3, "merge keys are not read"],
    ["config: { a: *nothing }", 3, "*nothing names no anchor that stands before it."],
    ["config: { ? [a] : b }", 3, "the name of a field is a list or an object here"],
    ["...\nconfig: {}", 4, "several YAML documents"],
    ["config: {a: 1}\rinput: {}", 3, "a carriage return without a line feed"],
  ])("of YAML in %j points to line %i", (lines, line, sentence) => {
    const { code, message } = errorOf(file(lines));
    expect(code).toBe("prompt-invalid");
    expect(message).toMatch(new RegExp(`^${place.name.replaceAll(".", "\\.")}:${line}:\\d+: `));
    expect(message).toContain(sentence);
  });

  it("points to the opening line for what is not there at all", () => {
    const { message } = errorOf("# note\n---\n---\nHello.");
    expect(message).toBe(`${place.name}:2:1: model is missing: name one such as "gpt-5-mini".`);
  });

  it("says all of them, in the order of their lines", () => {
    const { message } = errorOf("---\nmodel: 5\nnmae: x\n---\n\n");
    expect(message.split("\n- ").map((line) => line.slice(place.name.length, place.name.length + 5))).toEqual(
      [" is n", ":2:1:", ":3:1:", ":5:1:"],
    );
  });

  it.each([
    ["{{upper name}}", "template-syntax at 5:1", "{{upper name}} is not supported: there is no helper upper"],
    ["a\n b {{#if x}}\n", "template-syntax at 6:4", "{{#if x}} is never closed: write {{/if}}."],
    [
      "{{#if x}}\n\n{{/each}}",
      "template-syntax at 7:1",
      "does not close {{#if x}} of line 5: write {{/if}}.",
    ],
    ["{{{x}}}", "template-syntax at 5:1", "nothing is escaped here"],
    ["{{> tone a=1}}", "template-syntax at 5:1", "a partial takes no arguments"],
    ["{{media url=photo}}", "template-syntax at 5:1", "mark it with x-media: true"],
    ['{{section "notes"}}', "template-syntax at 5:1", "there are no sections"],
    ['{{#ifEquals a "b"}}x{{/ifEquals}}', "template-syntax at 5:1", "there are no comparisons"],
    ["{{#unlessEquals a b}}x{{/unlessEquals}}", "template-syntax at 5:1", "there are no comparisons"],
    ["{{json x indent=2}}", "template-syntax at 5:1", "JSON is written in one line"],
    ['{{role "user" purpose="x"}}', "template-syntax at 5:1", "a role has no metadata"],
    ["Dear {{@auth.email}}", "template-syntax at 5:6", "values that begin with @ are not passed in"],
    ["{{#each a}}{{@key}}{{/each}}", "template-syntax at 5:12", "values that begin with @"],
    ["{{history}}\nHello.", "template-syntax at 5:12", "text after {{history}} has no role"],
  ])("of the template %j is %s", (body, what, sentence) => {
    const error = errorOf(file("config: {}", body));
    const [code, at] = what.split(" at ");
    expect(error.code).toBe(code);
    expect(error.message).toMatch(new RegExp(`^${place.name.replaceAll(".", "\\.")}:${at}: `));
    expect(error.message).toContain(sentence);
  });

  it("of a translation points to its field, with line and column inside of it", () => {
    const { code, message } = errorOf(file("colophon.locales:\n  de: |\n    Hallo\n    {{upper x}}"));
    expect(code).toBe("template-syntax");
    expect(message).toBe(
      `${place.name}:4:3: In colophon.locales.de: {{upper x}} at line 2, column 1 is not supported: there is no helper upper, the only one is json; pass the value in as a variable.`,
    );
  });
});
