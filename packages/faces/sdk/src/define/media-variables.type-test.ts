/** Proves what the compiler knows of media: which placeholders may print them, and what a caller passes. */
import { type } from "arktype";
import { z } from "zod";
import { definePrompt } from "./define-prompt.ts";
import type { Prompt } from "./prompt.ts";

type VariablesIn<P> = P extends Prompt<infer V> ? V : never;

const bytes = new Uint8Array([1]);

const look = definePrompt({
  key: "media.look",
  model: "gpt-5-mini",
  input: z.object({ question: z.string() }),
  media: { photo: "one", scan: "optional", pages: "list" },
  body: "{{question}} {{photo}}{{#if scan}} {{scan}}{{/if}}{{#each pages}}{{this}}{{/each}}",
});

type Look = VariablesIn<typeof look>;
export const all: Look = {
  question: "What is it?",
  photo: { bytes, mediaType: "image/png" },
  scan: { fileId: "file-1" },
  pages: [{ url: "https://img.example/1.png" }, { bytes: Buffer.from("x"), mediaType: "image/png" }],
};
export const few: Look = { question: "", photo: { url: "https://img.example/" }, pages: [], scan: undefined };
// @ts-expect-error a required medium must be passed
export const none: Look = { question: "", pages: [] };
// @ts-expect-error a medium is no text
export const text: Look = { question: "", pages: [], photo: "https://img.example/" };
// @ts-expect-error a medium has no field of that name
export const misspelt: Look = { question: "", pages: [], photo: { bytes, mimeType: "image/png" } };

// An empty object schema leaves room for media alone, whatever the library calls it.
const alone = {
  key: "media.alone",
  model: "gpt-5-mini",
  media: { photo: "one" },
  body: "{{photo}}",
} as const;
const zodAlone = definePrompt({ ...alone, input: z.object({}) });
const arkAlone = definePrompt({ ...alone, input: type({}) });
export const zodGiven: VariablesIn<typeof zodAlone> = { photo: { fileId: "f" } };
export const arkGiven: VariablesIn<typeof arkAlone> = { photo: { fileId: "f" } };

const base = { key: "media.base", model: "gpt-5-mini", input: z.object({ q: z.string() }) } as const;

export const wrong = [
  // @ts-expect-error a medium that nobody prints
  () => definePrompt({ ...base, media: { photo: "one" }, body: "{{q}}" }),
  // @ts-expect-error a medium that is not declared
  () => definePrompt({ ...base, body: "{{q}} {{photo}}" }),
  // @ts-expect-error a medium has no fields
  () => definePrompt({ ...base, media: { photo: "one" }, body: "{{q}} {{photo}} {{photo.url}}" }),
  // @ts-expect-error an optional medium outside an {{#if}}
  () => definePrompt({ ...base, media: { photo: "optional" }, body: "{{q}} {{photo}}" }),
  // @ts-expect-error a list is gone through
  () => definePrompt({ ...base, media: { pages: "list" }, body: "{{q}} {{pages}}" }),
  // @ts-expect-error there is no such form
  () => definePrompt({ ...base, media: { photo: "two" }, body: "{{q}} {{photo}}" }),
  // @ts-expect-error media are not fenced
  () => definePrompt({ ...base, media: { photo: "one" }, body: "{{q}} {{photo}}", untrusted: ["photo"] }),
  () =>
    definePrompt({
      ...base,
      media: { photo: "one" },
      body: "{{q}} {{photo}}",
      // @ts-expect-error a translation without the medium
      locales: { de: "{{q}}" },
    }),
];

export const messages = definePrompt({
  key: "media.messages",
  model: "gpt-5-mini",
  input: z.object({ q: z.string() }),
  media: { photo: "one" },
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "{{photo}} {{q}}" },
  ],
  untrusted: ["q"],
});
