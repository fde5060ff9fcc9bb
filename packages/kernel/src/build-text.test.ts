/** Tests that a prompt comes to one text wherever it is written. */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { buildText, type TextParts } from "./build-text.ts";
import { hashText } from "./version-text.ts";

const target = { target: "draft-2020-12" } as const;
const body = "Is this billing, bug or other?\n{{ticket}}";
/** As a person writes it into a file, with the keywords in their own order. */
const written = {
  properties: { ticket: { type: "string" }, lang: { type: "string" } },
  type: "object",
  required: ["ticket"],
};

function hashOf(parts: Partial<TextParts>): string {
  return hashText(buildText({ model: "gpt-5-mini", body, ...parts }));
}

describe("buildText", () => {
  it("comes to one hash for a schema of zod, valibot, arktype and a file that say the same", () => {
    const schemas = [
      z.object({ ticket: z.string(), lang: z.string().optional() })["~standard"].jsonSchema.input(target),
      toStandardJsonSchema(v.object({ ticket: v.string(), lang: v.optional(v.string()) }))[
        "~standard"
      ].jsonSchema.input(target),
      type({ ticket: "string", "lang?": "string" })["~standard"].jsonSchema.input(target),
      written,
    ];
    expect(new Set(schemas.map((input) => hashOf({ input })))).toHaveLength(1);
  });

  it("tells schemas apart that do not say the same", () => {
    const number = z
      .object({ ticket: z.number(), lang: z.string().optional() })
      ["~standard"].jsonSchema.input(target);
    expect(hashOf({ input: number })).not.toBe(hashOf({ input: written }));
  });

  it("takes line ends of Windows for those of Unix, in bodies, messages and translations", () => {
    const windows = body.replaceAll("\n", "\r\n");
    expect(hashOf({ body: windows })).toBe(hashOf({ body }));
    expect(hashOf({ locales: { de: windows } })).toBe(hashOf({ locales: { de: body } }));
    const chat = (content: string): TextParts["messages"] => [{ role: "user", content }, "history"];
    const messages = (content: string): string => hashOf({ body: undefined, messages: chat(content) });
    expect(messages(windows)).toBe(messages(body));
  });

  it("leaves out what is empty, so that saying nothing and saying none are one text", () => {
    const empty = { tools: [], untrusted: [], cache: [], locales: {}, partialHashes: {}, parameters: {} };
    expect(buildText({ model: "gpt-5-mini", body, ...empty })).toEqual(
      buildText({ model: "gpt-5-mini", body }),
    );
    expect(Object.keys(buildText({ model: "gpt-5-mini", body }))).toEqual(["body", "model", "input"]);
  });

  it("sorts what is a set: untrusted variables and cache breakpoints", () => {
    const text = buildText({ model: "m", body, untrusted: ["b", "a", "b"], cache: [2, "system", 10, 2] });
    expect(text.untrusted).toEqual(["a", "b"]);
    expect(text.cache).toEqual(["system", 2, 10]);
  });

  it("is the same whether the body is given as body or as messages", () => {
    const messages = [{ role: "system", content: "a" }, "history"] as const;
    expect(hashOf({ body: undefined, messages })).toBe(hashOf({ body: messages }));
  });

  it("keeps what tells versions apart", () => {
    const parts: Partial<TextParts>[] = [
      {},
      { body: `${body}!` },
      { model: "gpt-5" },
      { parameters: { temperature: 0 } },
      { locales: { de: "x" } },
      { locales: { de: "x" }, defaultLocale: "en" },
      { tools: [{ name: "t", input: {} }] },
      { tools: [{ name: "t", description: "d", input: {} }] },
      { toolChoice: "required" },
      { toolChoice: { tool: "t" } },
      { input: written },
      { output: { type: "string" } },
      { untrusted: ["ticket"] },
      { cache: [0] },
      { cache: ["system"] },
      { partialHashes: { "tone@v1": "h" } },
    ];
    expect(new Set(parts.map(hashOf))).toHaveLength(parts.length);
  });

  it.each([
    ["no body", { body: undefined }],
    ["a body that is null", { body: null as unknown as string }],
    ["two bodies", { messages: [] }],
    ["a body that is a number", { body: 5 as unknown as string }],
    [
      "a message without text",
      { body: undefined, messages: [{ role: "user" }] as unknown as TextParts["messages"] },
    ],
    ["no model", { model: "" }],
  ])("refuses a prompt with %s", (_, parts) => {
    expect(() => hashOf(parts)).toThrowError(expect.objectContaining({ code: "prompt-invalid" }));
  });
});
