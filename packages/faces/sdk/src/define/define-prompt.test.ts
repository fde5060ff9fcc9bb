/** definePrompt at run time: what the compiler cannot see is refused with one sentence. */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { declarationOf } from "../embedded/declaration-of.ts";
import { definePrompt } from "./define-prompt.ts";
import { declaredOf } from "./prompt.ts";
import type { StandardJsonSchema } from "./standard-schema.ts";

const input = z.object({ ticket: z.string() });
// A body that the compiler takes for any text, so that only the run time can object.
const anyText = (text: string): string => text;

describe("definePrompt", () => {
  it("stores the contract of a zod schema as JSON Schema", () => {
    const prompt = definePrompt({ key: "t.zod", model: "gpt-5-mini", input, body: "{{ticket}}" });
    expect(declaredOf(prompt).text).toEqual({
      body: "{{ticket}}",
      model: { provider: "openai", id: "gpt-5-mini" },
      input: { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] },
    });
  });

  it("gives the same hash to the same contract of zod, valibot and arktype", () => {
    const shared = { model: "gpt-5-mini", body: "{{ticket}}" } as const;
    const hashes = [
      definePrompt({ ...shared, key: "t.same.zod", input }).hash,
      definePrompt({
        ...shared,
        key: "t.same.valibot",
        input: toStandardJsonSchema(v.object({ ticket: v.string() })),
      }).hash,
      definePrompt({ ...shared, key: "t.same.arktype", input: type({ ticket: "string" }) }).hash,
    ];
    expect(new Set(hashes).size).toBe(1);
  });

  it("takes a variable that the schema fills in, whatever the library writes of it", () => {
    const shared = { model: "gpt-5-mini", body: "{{ticket}} in {{lang}}" } as const;
    const filled = [
      definePrompt({
        ...shared,
        key: "t.fill.zod",
        input: z.object({ ticket: z.string(), lang: z.string().default("en") }),
      }),
      definePrompt({
        ...shared,
        key: "t.fill.ark",
        input: type({ ticket: "string", lang: "string = 'en'" }),
      }),
      definePrompt({
        ...shared,
        key: "t.fill.valibot",
        input: toStandardJsonSchema(v.object({ ticket: v.string(), lang: v.optional(v.string(), "en") })),
      }),
    ];
    expect(filled.map((prompt) => prompt.key)).toEqual(["t.fill.zod", "t.fill.ark", "t.fill.valibot"]);
  });

  it("refuses a placeholder that the schema lacks", () => {
    expect(() =>
      definePrompt({ key: "t.a", model: "gpt-5", input, body: anyText("{{ticket}} {{lang}}") }),
    ).toThrowError("The text of t.a does not fit its input: {{lang}} is not in the contract.");
  });

  it("refuses a required variable that no placeholder uses", () => {
    const wide = z.object({ ticket: z.string(), lang: z.string() });
    expect(() =>
      definePrompt({ key: "t.b", model: "gpt-5", input: wide, body: anyText("{{ticket}}") }),
    ).toThrowError("t.b requires lang, which no placeholder uses; use or drop it.");
  });

  it.each(["", "has space", "a@b", "/start"])("refuses %j as a key", (key) => {
    expect(() => definePrompt({ key, model: "gpt-5", input, body: "{{ticket}}" })).toThrowError(
      /is not a key; use letters/,
    );
  });

  it("refuses a schema that cannot describe itself, and says what to wrap it in", () => {
    expect(() =>
      definePrompt({
        key: "t.c",
        model: "gpt-5",
        input: v.object({ ticket: v.string() }),
        body: "{{ticket}}",
      }),
    ).toThrowError("wrap it in toStandardJsonSchema() of @valibot/to-json-schema");
    expect(() =>
      definePrompt({
        key: "t.d",
        model: "gpt-5",
        input: z.object({ ticket: z.bigint() }),
        body: "{{ticket}}",
      }),
    ).toThrowError(
      expect.objectContaining({
        code: "schema-unsupported",
        message: expect.stringMatching(/cannot be written as JSON Schema/),
      }),
    );
  });

  it("takes a schema that says nothing of a variable, and one that cannot say what it hands out", () => {
    const said = { type: "object", properties: { ticket: true } };
    const jsonSchema = {
      input: () => said,
      output: (): never => {
        throw new Error("a transform");
      },
    };
    const own: StandardJsonSchema<{ ticket?: unknown }> = {
      "~standard": {
        version: 1,
        vendor: "own",
        validate: (value) => ({ value: value as object }),
        jsonSchema,
      },
    };
    const text = "{{#if ticket}}{{json ticket}}{{/if}}";
    const prompt = definePrompt({ key: "t.own", model: "gpt-5", input: own, body: anyText(text) });
    expect(declaredOf(prompt).text?.input).toEqual(said);
  });

  it.each([
    [[], "input of t.none is no Standard Schema"],
    [null, "input of t.none is object; give a schema"],
    [
      { "~standard": { version: 1, vendor: "own", jsonSchema: null } },
      "is a own schema that cannot describe itself",
    ],
  ])("says of %j why it is no schema", (none, sentence) => {
    const given = none as unknown as typeof input;
    expect(() =>
      definePrompt({ key: "t.none", model: "gpt-5", input: given, body: anyText("x") }),
    ).toThrowError(
      expect.objectContaining({ code: "schema-unsupported", message: expect.stringContaining(sentence) }),
    );
  });

  it("keeps what was said when its options are used for another prompt", () => {
    const options = { key: "t.first", model: "gpt-5", input, body: "{{ticket}}", purpose: "one" } as const;
    const first = definePrompt(options);
    Object.assign(options, { key: "t.second", purpose: "other" });
    expect(declarationOf(first).metadata).toMatchObject({ purpose: "one" });
  });

  it("refuses a plain JSON Schema where values are checked, and takes it for a tool", () => {
    const plain = { type: "object" } as unknown as typeof input;
    expect(() =>
      definePrompt({ key: "t.plain", model: "gpt-5", input: plain, body: anyText("x") }),
    ).toThrowError("input of t.plain is no Standard Schema");
    const tools = [{ name: "look", input: { type: "object", properties: {} } }];
    const prompt = definePrompt({ key: "t.tool", model: "gpt-5", input, body: "{{ticket}}", tools });
    expect(declaredOf(prompt).caller?.tools).toEqual(["look"]);
  });

  it("refuses an untrusted variable that the schema lacks, and a prompt without a model", () => {
    const untrusted = ["nobody"] as unknown as readonly "ticket"[];
    expect(() =>
      definePrompt({ key: "t.f", model: "gpt-5", input, body: "{{ticket}}", untrusted }),
    ).toThrowError('t.f marks "nobody" as untrusted, which its input does not have.');
    expect(() => definePrompt({ key: "t.g", model: "", input, body: "{{ticket}}" })).toThrowError(
      /names no model/,
    );
  });

  it("takes the same declaration twice, and refuses a differing one of the same key", () => {
    const first = definePrompt({ key: "t.twice", model: "gpt-5", input, body: "{{ticket}}" });
    const again = definePrompt({ key: "t.twice", model: "gpt-5", input, body: "{{ticket}}" });
    expect(again.hash).toBe(first.hash);
    expect(() =>
      definePrompt({ key: "t.twice", model: "gpt-5", input, body: "Other {{ticket}}" }),
    ).toThrowError(expect.objectContaining({ code: "declaration-conflict" }));
  });

  it("names the providers of all models that the code can call", () => {
    const prompt = definePrompt({
      key: "t.models",
      model: "gpt-5",
      input,
      body: "{{ticket}}",
      backup: "claude-x",
      routes: { long: "google/gemini-9" },
      providers: ["azure"],
    });
    expect(declaredOf(prompt).caller?.providers).toEqual(["openai", "anthropic", "google", "azure"]);
    expect(declarationOf(prompt).metadata).toEqual({
      backup: [{ provider: "anthropic", id: "claude-x" }],
      routes: { long: { provider: "google", id: "gemini-9" } },
    });
    expect(declaredOf(prompt)).toMatchObject({
      backup: [{ provider: "anthropic", id: "claude-x" }],
      routes: { long: { provider: "google", id: "gemini-9" } },
    });
  });
});
