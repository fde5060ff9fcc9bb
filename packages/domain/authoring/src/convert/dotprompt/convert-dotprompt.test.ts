/** Holds the import of Dotprompt to Handlebars itself, and each refusal to its line. */
import { bodyMisfits, compileBody } from "@colophon/kernel";
import Handlebars from "handlebars";
import { describe, expect, it } from "vitest";
import type { Imported } from "../imported.ts";
import { convertDotprompt, type DotpromptOptions } from "./convert-dotprompt.ts";

const OPTIONS: DotpromptOptions = { model: null };

function convert(files: Readonly<Record<string, string>>, options = OPTIONS): Imported {
  const given = Object.entries(files).map(([path, source]) => ({ path, name: `prompts/${path}`, source }));
  return convertDotprompt(given, options);
}

function one(source: string, options = OPTIONS): Imported {
  return convert({ "greeting.prompt": source }, options);
}

function specOf({ versions, left }: Imported, index = 0) {
  const found = versions[index];
  if (found === undefined) throw new Error(JSON.stringify(left));
  return found.spec;
}

function said({ changes }: Imported): string {
  return changes.map(({ sentence }) => sentence).join("\n");
}

function render(imported: Imported, variables: Readonly<Record<string, unknown>>): string {
  return compileBody(specOf(imported).text.body)
    .render(variables)
    .map(({ content }) => content)
    .join("");
}

/** Dotprompt's own way: defaults under the variables, then Handlebars without escaping. */
function dotprompt(body: string, variables: object, defaults: object = {}): string {
  return Handlebars.compile(body, { noEscape: true, knownHelpersOnly: false })({ ...defaults, ...variables });
}

const HEAD = "---\nmodel: gpt-5-mini\n";

describe("convertDotprompt", () => {
  it("takes a file that needs no conversion as it is, without a remark", () => {
    const imported = one(`${HEAD}input:\n  schema: { name: string }\n---\nHello {{name}}.\n`);
    expect(specOf(imported)).toMatchObject({ key: "greeting", text: { body: "Hello {{name}}." } });
    expect([imported.changes, imported.left]).toEqual([[], []]);
  });

  it("makes a variant a prompt of its own, by its field or the file's name", () => {
    const imported = convert({
      "support/greeting.formal.prompt": `${HEAD}---\nGood day.`,
      "a.prompt": `${HEAD}name: greeting\nvariant: casual\nversion: abcd1234\n---\nHi.`,
    });
    expect(imported.versions.map(({ spec }) => spec.key)).toEqual([
      "support.greeting.formal",
      "greeting.casual",
    ]);
    expect(said(imported)).toMatch(/variant casual is a prompt of its own, greeting\.casual/);
    expect(said(imported)).toMatch(/version was taken out/);
  });

  it("renders defaults, optional texts, comments and three braces as Dotprompt does", () => {
    const body = [
      "{{! a note }}",
      "Greet {{{name}}} in {{language}}.{{!-- {{no}} --}}",
      "Be {{tone}}; \\{{name}} stays.",
    ].join("\n");
    const schema = "  schema:\n    name: string\n    language?: string\n    tone?: string\n";
    const imported = one(`${HEAD}input:\n${schema}  default: { tone: 'calm {{x}}' }\n---\n${body}\n`);
    expect(imported.left).toEqual([]);
    for (const variables of [
      { name: "<Ada>" },
      { name: "Ada", language: "French" },
      { name: "Ada", tone: "sharp" },
      { name: "{{language}}", language: "", tone: "x" },
    ]) {
      expect(render(imported, variables)).toBe(dotprompt(body, variables, { tone: "calm {{x}}" }));
    }
    const { text } = specOf(imported);
    expect(bodyMisfits([text.body], text.input)).toEqual([]);
  });

  it("says what a default becomes, and refuses one that no condition can stand for", () => {
    const filled = one(
      `${HEAD}input:\n  schema: { style: string }\n  default: { style: plain }\n---\nBe {{style}}.`,
    );
    expect(specOf(filled).text.body).toBe("Be {{#if style}}{{style}}{{else}}plain{{/if}}.");
    expect(specOf(filled).text.input.required).toBeUndefined();
    expect(said(filled)).toMatch(/default of style is \{\{else\}\}/);
    const asked = one(
      `${HEAD}input:\n  schema: { formal: boolean }\n  default: { formal: true }\n---\n{{#if formal}}Sir{{else}}Hi{{/if}}`,
    );
    expect(asked.versions).toEqual([]);
    expect(asked.left[0]?.sentence).toMatch(/default of formal, true, has no counterpart/);
    const nothing = one(
      `${HEAD}input:\n  schema: { formal: boolean }\n  default: { formal: false }\n---\n{{#if formal}}Sir{{else}}Hi{{/if}}`,
    );
    expect(render(nothing, {})).toBe("Hi");
  });

  it("makes a contract where there is none, and says which variables must be passed", () => {
    const imported = one(
      `${HEAD}---\n{{name}}{{#if plan}} ({{plan}}){{/if}}{{#each items}}\n- {{title}}{{/each}}`,
    );
    const { input } = specOf(imported).text;
    expect(input).toMatchObject({
      properties: {
        name: {},
        plan: {},
        items: { type: "array", items: { type: "object", required: ["title"] } },
      },
      required: ["name"],
    });
    expect(said(imported)).toMatch(/no input\.schema.*name must be passed/);
  });

  it("keeps facts of metadata, and names what it leaves", () => {
    const imported = one(
      `${HEAD}metadata: { owner: support, tags: [a], team: x }\nacme.flag: 1\next: { b: { c: 1 } }\nconfig: { version: "001", temperature: 1 }\n---\nHi`,
    );
    expect(specOf(imported).metadata).toEqual({ owner: "support", tags: ["a"] });
    expect(specOf(imported).text.model.parameters).toEqual({ temperature: 1 });
    expect(imported.left.map(({ sentence }) => sentence.split(" ")[0])).toEqual([
      "acme.flag",
      "ext",
      "metadata.team",
      "config.version",
    ]);
  });

  it("gives parameters the names of their provider", () => {
    const imported = one(
      "---\nmodel: anthropic/claude-sonnet-4-5\nconfig: { maxOutputTokens: 9, topP: 0.5 }\n---\nHi",
    );
    expect(specOf(imported).text.model.parameters).toEqual({ max_tokens: 9, top_p: 0.5 });
    const google = one("---\nmodel: googleai/gemini-2.5-flash\nconfig: { maxOutputTokens: 9 }\n---\nHi");
    expect(specOf(google).text.model).toEqual({
      provider: "google",
      id: "gemini-2.5-flash",
      parameters: { maxOutputTokens: 9 },
    });
  });

  it("names partials by their keys, and puts them before what includes them", () => {
    const imported = convert({
      "a.prompt": `${HEAD}---\n{{> shared/tone}}\nGo, {{name}}.`,
      "shared/_tone.prompt": `${HEAD}---\nBe kind to {{who}}.`,
    });
    expect(imported.versions.map(({ spec }) => spec.key)).toEqual(["shared.tone", "a"]);
    expect(specOf(imported, 1).text.body).toBe("{{> shared.tone}}\nGo, {{name}}.");
    expect(specOf(imported, 1).text.input.required).toEqual(["name", "who"]);
  });

  it("refuses circles of partials, and chains that are too deep, in bounded time", () => {
    const circle = convert({ "a.prompt": `${HEAD}---\n{{> b}}`, "b.prompt": `${HEAD}---\n{{> a}}` });
    expect(circle.left[0]).toMatchObject({
      from: "prompts/b.prompt",
      sentence: expect.stringMatching(/break the circle/),
    });
    const chain = Array.from({ length: 200 }, (_, index) => [
      `p${index}.prompt`,
      `${HEAD}---\n{{> p${index + 1}}}`,
    ]);
    const { left } = convert(Object.fromEntries(chain) as Record<string, string>);
    expect(left.some(({ sentence }) => /nest more than 100 deep/.test(sentence))).toBe(true);
  });

  it.each([
    ["{{media url=photo}}", 4, /x-media: true/],
    ['a\n{{section "x"}}', 5, /there are no sections/],
    ["{{!\nlong\n}}\n{{#ifEquals a b}}x{{/ifEquals}}", 7, /there are no comparisons/],
    ["{{json x indent=2}}", 4, /JSON is written in one line/],
    ["{{@auth.email}}", 4, /make them variables/],
    ["{{~x~}}", 4, /no whitespace control/],
    ["{{upper x}}", 4, /there is no helper upper/],
    ["{{#if x}}", 4, /never closed/],
  ])("refuses %j in its line, with what to write", (body, line, sentence) => {
    const { versions, left } = one(`${HEAD}---\n${body}`);
    expect(versions).toEqual([]);
    expect(left).toMatchObject([
      { from: "prompts/greeting.prompt", line, sentence: expect.stringMatching(sentence) },
    ]);
  });

  it("refuses what the strict reader refuses, with the line of the file, and goes on with the others", () => {
    const { versions, left } = convert({
      "a.prompt": `${HEAD}tools: [find]\n---\nHi`,
      "b.prompt": `---\nmodel: gpt-5-mini\nconfig:\n  topK: 20\n  topP 0.8\n---\nHi`,
      "c.prompt": `${HEAD}---\nHi`,
      "d.prompt": "---\ndescription: none\n---\nHi",
    });
    expect(versions.map(({ spec }) => spec.key)).toEqual(["c"]);
    expect(left.map(({ from, line }) => [from, line])).toEqual([
      ["prompts/a.prompt", 3],
      ["prompts/b.prompt", 5],
      ["prompts/d.prompt", 1],
    ]);
  });

  it("takes a file without front matter as a template, with the model that is given", () => {
    expect(one("Hello.").left).toMatchObject([{ sentence: expect.stringContaining("--model NAME") }]);
    const imported = one("\nHello.\n\n", { model: "gpt-5-mini" });
    expect(specOf(imported).text.body).toBe("Hello.");
    expect(said(imported)).toMatch(/names no model: gpt-5-mini[\s\S]*ends were taken out/);
  });
});
