/** Holds texts with their partials written into them to what the renderer makes of text and partials. */
import { type Body, compileBody, type VersionText } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inlinePartials } from "./inline-partials.ts";

function textOf(body: Body, more: Partial<VersionText> = {}): VersionText {
  return { body, model: { provider: "openai", id: "gpt-5-mini" }, input: {}, ...more };
}

const VALUES = { a: "x\ny", b: "", list: [{ a: "1" }, { a: "2" }] };

function said(body: Body, partials: ReadonlyMap<string, Body> = new Map()): string {
  const compiled = compileBody(body, { partials });
  try {
    return JSON.stringify(compiled.render(VALUES));
  } catch (error) {
    return (error as Error).message;
  }
}

function inlined(body: Body, partials: Readonly<Record<string, string>>): Body {
  return inlinePartials(textOf(body), ({ name }) => {
    const found = partials[name];
    return found === undefined ? undefined : textOf(found);
  }).text.body;
}

describe("inlinePartials", () => {
  test("renders what the text renders with its partials, wherever tags and line ends stand", () => {
    const piece = fc.constantFrom(
      ...["Be kind.", "\n", " ", "  \n", "{{a}}", "{{json list}}", "{{> one}}", "{{> two}}", "\\{{x}} "],
      ...["{{#if a}}", "{{else}}", "{{/if}}", "{{#each list}}", "{{this.a}}", "{{/each}}"],
    );
    const template = fc
      .array(piece, { maxLength: 9 })
      .map((pieces) => pieces.join(""))
      .filter(isTemplate);
    fc.assert(
      fc.property(template, template, (body, one) => {
        const partials = { one: one.replaceAll(/\{\{> \w+\}\}/g, ""), two: "Two\nlines\n" };
        let written: Body;
        try {
          written = inlined(body, partials);
        } catch (error) {
          // The only texts that cannot be written are those of partials that stand indented.
          expect((error as Error).message).toContain("stands indented");
          return;
        }
        expect(written).not.toContain("{{>");
        expect(said(written)).toBe(said(body, new Map(Object.entries(partials))));
      }),
      { numRuns: 300 },
    );
  });

  test("keeps roles, history, messages and other partials as they are", () => {
    const partials = { tone: "Be kind.\n" };
    const body = '{{role "system"}}\n{{> tone}}\n{{history}}\n{{role "user"}}\n{{> other}}\n{{a}}';
    const others = new Map([["other", "Other {{a}}\n"]]);
    expect(said(inlined(body, partials), others)).toBe(
      said(body, new Map([...others, ["tone", partials.tone]])),
    );
    expect(inlined([{ role: "system", content: "Do. {{> tone}}" }, "history"], partials)).toEqual([
      { role: "system", content: "Do. Be kind.\n" },
      "history",
    ]);
    expect(() => inlined("{{> tone}}\n  {{> other}}\n", partials)).toThrow(
      "{{> other}} stands indented there",
    );
    expect(inlined("  {{> other}}\n\\{{as}} it is", partials)).toBe("  {{> other}}\n\\{{as}} it is");
  });

  test("names what it has written in, partials of partials too, and takes translations by their locale", () => {
    const text = textOf("{{> outer}}", { locales: { de: "Kurz. {{> outer}}" } });
    const partials: Readonly<Record<string, VersionText>> = {
      outer: textOf("[{{> inner@v9}}]"),
      inner: textOf("kind", { locales: { de: "nett" } }),
    };
    expect(inlinePartials(text, ({ name }) => partials[name])).toMatchObject({
      text: { body: "[kind]", locales: { de: "Kurz. [nett]" } },
      inlined: ["outer", "inner"],
    });
  });

  test("refuses a circle, and a list of messages", () => {
    expect(() => inlined("{{> one}}", { one: "{{> two}}", two: "{{> one}}" })).toThrow(
      expect.objectContaining({ code: "partial-cycle" }),
    );
    const messages = textOf([{ role: "user", content: "Hi" }]);
    expect(() => inlinePartials(textOf("{{> one}}"), () => messages)).toThrow("a list of messages");
  });
});

function isTemplate(source: string): boolean {
  try {
    compileBody(source, {
      partials: new Map([
        ["one", ""],
        ["two", ""],
      ]),
    });
    return true;
  } catch {
    return false;
  }
}
