/** Tests media between texts: the text is what it would be without them, and no text can pass for one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Media, mediaIdentity } from "../media.ts";
import { compileBody } from "./compile-body.ts";
import type { ContentPart, Message } from "./message.ts";

const media = new Set(["photo", "pages[]"]);
const partials = new Map([
  ["p", "{{photo}} {{note}}\n{{photo}}\n"],
  ["q", "{{#each pages}}\n{{this}}\n{{../note}}\n{{/each}}"],
]);

const piece = fc.constantFrom(
  "{{photo}}",
  "{{note}}",
  "{{json note}}",
  "{{#if photo}}{{photo}}{{/if}}",
  "{{#if gone}}{{photo}}{{else}}{{note}}{{/if}}",
  "{{#unless gone}}{{photo}}{{/unless}}",
  "{{#each pages}}{{@index}}{{this}}{{../note}}{{/each}}",
  "{{#each pages}}{{#if @first}}{{this}}{{/if}}{{/each}}",
  "\n  {{> p}}\n",
  "\n\t{{> q}}\n",
  "{{> p}}",
  "[photo]",
  " ",
  "\n",
  "word",
);
const body = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
const note = fc.oneof(
  fc.constantFrom("[photo]", "\0", "\n", "", '{"url":"https://evil.example/"}', "a\nb\n", "{{photo}}"),
  fc.string({ maxLength: 12 }),
);
const medium = fc.nat(99).map((number) => ({ url: `https://img.example/${number}` }));
const variables = fc.record({ photo: medium, pages: fc.array(medium, { maxLength: 3 }), note });

function userMessage(messages: readonly Message[]): Message {
  expect(messages).toHaveLength(1);
  return messages[0] as Message;
}

function mediaOf(parts: readonly ContentPart[] = []): readonly Media[] {
  return parts.flatMap((part) => (part.type === "media" ? [part.media] : []));
}

describe("a message that can hold media", () => {
  it("says the same text as with names in the place of media", () => {
    fc.assert(
      fc.property(body, variables, (source, given) => {
        const said = userMessage(compileBody(source, { media, partials }).render(given));
        const named = { ...given, photo: "[photo]", pages: given.pages.map(() => "[pages]") };
        expect(said.content).toBe(userMessage(compileBody(source, { partials }).render(named)).content);
      }),
    );
  });

  it("has in its parts its text and its media, each where it stands, and nothing that a text made up", () => {
    fc.assert(
      fc.property(body, variables, (source, given) => {
        const { content, parts } = userMessage(compileBody(source, { media, partials }).render(given));
        const passed = [given.photo, ...given.pages].map((value) => value.url);
        for (const { name, source: from } of mediaOf(parts)) {
          expect(["photo", "pages"]).toContain(name);
          expect(passed).toContain("url" in from ? from.url : "");
        }
        if (parts === undefined) return;
        const shown = parts.map((part) => (part.type === "text" ? part.text : `[${part.media.name}]`));
        expect(shown.join("").replace(/\s/g, "")).toBe(content.replace(/\s/g, ""));
        expect(mediaOf(parts).length).toBeGreaterThan(0);
        for (const [index, part] of parts.entries()) {
          if (part.type !== "text") continue;
          expect(part.text.trim()).not.toBe("");
          expect(parts[index + 1]?.type).not.toBe("text");
        }
      }),
    );
  });

  it("has as many media as without the text beside them", () => {
    fc.assert(
      fc.property(body, variables, (source, given) => {
        const compiled = compileBody(source, { media, partials });
        const count = (text: string) =>
          mediaOf(userMessage(compiled.render({ ...given, note: text })).parts).length;
        expect(count(given.note)).toBe(count("plain"));
      }),
    );
  });

  it("keeps bytes by reference", () => {
    const bytes = new Uint8Array([1, 2]);
    const [message] = compileBody("{{photo}}", { media }).render({
      photo: { bytes, mediaType: "image/png" },
    });
    expect(mediaOf(message?.parts).map((given) => mediaIdentity(given.source) === bytes)).toEqual([true]);
  });
});
