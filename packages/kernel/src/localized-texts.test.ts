/** Tests which bodies a text and its partials have in each locale. */
import { describe, expect, it } from "vitest";
import { languageOf, localizedTexts } from "./localized-texts.ts";
import type { VersionText } from "./version-text.ts";

function text(body: string, more: Partial<VersionText> = {}): VersionText {
  return { body, model: { provider: "openai", id: "m" }, input: { type: "object" }, ...more };
}

function bodies(host: VersionText, partial?: VersionText): Readonly<Record<string, unknown>> {
  const partials = new Map(partial === undefined ? [] : [["tone", partial]]);
  return Object.fromEntries(
    localizedTexts(host, partials).map((one) => [
      one.asked,
      [one.body, one.partials.get("tone"), one.locale],
    ]),
  );
}

describe("a text in its locales", () => {
  it("is its body alone where nothing is translated", () => {
    expect(bodies(text("hi", { defaultLocale: "en" }), text("kind"))).toEqual({ "": ["hi", "kind", "en"] });
  });

  it("takes a translation, its partials theirs, and each the language where the tag is missing", () => {
    const host = text("hi", { defaultLocale: "en", locales: { de: "hallo" } });
    expect(bodies(host, text("kind", { locales: { "de-AT": "liab", fr: "gentil" } }))).toEqual({
      "": ["hi", "kind", "en"],
      en: ["hi", "kind", "en"],
      de: ["hallo", "kind", "de"],
      "de-AT": ["hallo", "liab", "de"],
      fr: ["hi", "gentil", "en"],
    });
  });

  it("keeps the body of its own locale, also where its language is translated", () => {
    const host = text("servus", { defaultLocale: "de-AT", locales: { de: "hallo" } });
    expect(bodies(host)).toMatchObject({ "de-AT": ["servus", undefined, "de-AT"] });
  });

  it("knows the language of a tag", () => {
    expect(["de-AT", "de", ""].map(languageOf)).toEqual(["de", "de", ""]);
  });
});
