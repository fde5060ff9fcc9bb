/** Media variables at run time: one contract whatever the schema library, and media checked by the house. */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { testHarness } from "../testing.ts";
import { definePrompt } from "./define-prompt.ts";
import { declaredOf } from "./prompt.ts";

const input = z.object({ question: z.string() });
const anyText = (text: string): string => text;
const photo = { bytes: new Uint8Array([1, 2, 3]), mediaType: "image/png" };

describe("media in a declaration", () => {
  it("become part of the contract, the same one with zod, valibot and arktype", () => {
    const shared = {
      model: "gpt-5-mini",
      media: { photo: "one", scan: "optional", pages: "list" },
      body: "{{question}}{{photo}}{{#if scan}}{{scan}}{{/if}}{{#each pages}}{{this}}{{/each}}",
    } as const;
    const zod = definePrompt({ ...shared, key: "m.zod", input });
    expect(declaredOf(zod).text?.input).toEqual({
      type: "object",
      properties: {
        question: { type: "string" },
        photo: { "x-media": true },
        scan: { "x-media": true },
        pages: { type: "array", items: { "x-media": true } },
      },
      required: ["pages", "photo", "question"],
    });
    const ark = definePrompt({ ...shared, key: "m.ark", input: type({ question: "string" }) });
    const valibot = definePrompt({
      ...shared,
      key: "m.valibot",
      input: toStandardJsonSchema(v.object({ question: v.string() })),
    });
    expect(new Set([zod.hash, ark.hash, valibot.hash]).size).toBe(1);
  });

  it.each([
    ["beside a strict schema, which never sees them", z.strictObject({ question: z.string() })],
    ["beside a strict schema of valibot", toStandardJsonSchema(v.strictObject({ question: v.string() }))],
    ["beside a strict schema of arktype", type({ question: "string", "+": "reject" })],
  ])("are taken %s", async (name, strict) => {
    const prompt = definePrompt({
      key: `m.strict.${strict["~standard"].vendor}`,
      model: "gpt-5-mini",
      input: strict,
      media: { photo: "one" },
      body: "{{question}}{{photo}}",
    });
    const { messages } = testHarness({ prompts: [prompt] })
      .resolve(prompt)
      .render({ question: name, photo });
    expect(messages[0]?.parts?.at(-1)).toMatchObject({ type: "media", media: { name: "photo" } });
  });

  it.each([
    [{ body: "{{question}}" }, "requires photo, which no placeholder uses"],
    [{ body: "{{question}}{{json photo}}" }, "photo is a medium; write {{photo}}"],
    [{ body: "{{question}}{{#each photo}}x{{/each}}" }, "photo is a medium; write {{photo}}"],
    [{ body: "{{question}}{{photo.url}}" }, "photo.url is of a medium, which has no fields"],
    [{ body: '{{question}}{{role "assistant"}}{{photo}}' }, "a message of role assistant holds only text"],
    [{ media: { question: "one" } }, "has question in input and in media; keep it in media"],
    [{ media: { photo: "many" } }, 'has the medium photo as "many"; write one, optional, list'],
    [{ bind: { photo: () => "x" } }, "binds photo, which is a medium; pass it with the call"],
    [{ untrusted: ["photo"] }, "marks photo as untrusted, which is a medium; only texts are fenced"],
    [{ input: z.record(z.string(), z.string()) }, "has media beside an input that names no variables"],
  ])("are refused as %j", (wrong, sentence) => {
    const options = {
      key: "m.wrong",
      model: "gpt-5-mini",
      input,
      media: { photo: "one" },
      body: anyText("{{question}}{{photo}}"),
      ...wrong,
    };
    expect(() => definePrompt(options as never)).toThrow(sentence);
  });
});

describe("a declaration without media", () => {
  it("is the same whether it names none or leaves them out, also where its input is open", () => {
    const open = { key: "m.none", model: "gpt-5-mini", input: z.record(z.string(), z.string()) } as const;
    const { hash } = definePrompt({ ...open, body: "{{a}}" });
    expect(definePrompt({ ...open, body: "{{a}}", media: {} }).hash).toBe(hash);
  });
});

describe("media in a call", () => {
  const prompt = definePrompt({
    key: "m.call",
    model: "gpt-5-mini",
    input,
    media: { photo: "one", scan: "optional", pages: "list" },
    body: "{{question}}{{photo}}{{#if scan}}{{scan}}{{/if}}{{#each pages}}{{this}}{{/each}}",
  });
  const render = (variables: object) =>
    testHarness({ prompts: [prompt] })
      .resolve(prompt)
      .render(variables as never);
  const right = { question: "Which?", photo, pages: [] };

  it.each([
    [{ photo: undefined }, "variable-missing", 'm.call needs the variable "photo"; pass it with the others.'],
    [{ pages: undefined }, "variable-missing", 'm.call needs the variable "pages"; pass it with the others.'],
    [
      { photo: "https://a.example/?secret" },
      "variable-invalid",
      "m.call: photo does not fit the contract: it is no medium",
    ],
    [
      { scan: { bytes: "secret", mediaType: "a/b" } },
      "variable-invalid",
      "scan does not fit the contract: it has bytes that are no",
    ],
    [{ pages: photo }, "variable-invalid", "pages does not fit the contract: it is no list of media"],
    [
      { pages: [photo, {}] },
      "variable-invalid",
      "pages does not fit the contract: it is a list whose item 1 has neither url, fileId nor bytes",
    ],
    [
      { pages: ["secret"] },
      "variable-invalid",
      "pages does not fit the contract: it is a list whose item 0 is no",
    ],
    [{ question: 7 }, "variable-invalid", "question does not fit"],
    [
      { photos: photo },
      "variable-extra",
      'm.call has no variable "photos"; its contract names question, photo, scan, pages.',
    ],
  ])("that are wrong as in %j are refused without a word of their content", (wrong, code, sentence) => {
    expect(() => render({ ...right, ...wrong })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(sentence) }),
    );
    expect(() => render({ ...right, ...wrong })).not.toThrow(/secret/);
  });

  it("stand in the message where the text has them", () => {
    const pages = [{ url: "https://img.example/1" }, { fileId: "f2", mediaType: "application/pdf" }];
    expect(render({ ...right, pages, scan: { fileId: "s" } }).messages).toEqual([
      {
        role: "user",
        content: "Which?[photo][scan][pages][pages]",
        parts: [
          { type: "text", text: "Which?" },
          {
            type: "media",
            media: { name: "photo", source: { bytes: photo.bytes }, mediaType: "image/png", filename: null },
          },
          {
            type: "media",
            media: { name: "scan", source: { fileId: "s" }, mediaType: null, filename: null },
          },
          {
            type: "media",
            media: {
              name: "pages",
              source: { url: "https://img.example/1" },
              mediaType: null,
              filename: null,
            },
          },
          {
            type: "media",
            media: { name: "pages", source: { fileId: "f2" }, mediaType: "application/pdf", filename: null },
          },
        ],
      },
    ]);
  });
});
