/** Runs the golden vectors of version hashes, which other SDKs run too. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildText, type TextParts } from "./build-text.ts";
import { canonicalJson } from "./canonical-json.ts";
import { hashBody, hashText, type VersionText } from "./version-text.ts";

interface Vector {
  readonly name: string;
  /** What an author gives. */
  readonly parts: TextParts;
  /** The canonical JSON of the text, which the hash is taken over. */
  readonly canonical: string;
  readonly hash: string;
  readonly bodyHash: string;
}

const { vectors } = JSON.parse(
  readFileSync(new URL("../vectors/version-hash.json", import.meta.url), "utf8"),
) as { readonly vectors: readonly Vector[] };

describe("the hashes of a version", () => {
  it.each(vectors)("are those of the golden vector: $name", ({ parts, canonical, hash, bodyHash }) => {
    const text = buildText(parts);
    expect(canonicalJson(text)).toBe(canonical);
    expect(hashText(text)).toBe(hash);
    expect(hashBody(text)).toBe(bodyHash);
  });

  it("differ between all golden vectors but those that say the same", () => {
    const same = vectors.filter(({ name }) => name.startsWith("same as")).length;
    expect(new Set(vectors.map(({ hash }) => hash))).toHaveLength(vectors.length - same);
  });

  const base: VersionText = buildText({
    body: "Hello {{name}}",
    model: "gpt-5",
    locales: { de: "Hallo {{name}}" },
  });
  const word = fc.string({ minLength: 1, unit: "grapheme" });
  const beside = fc.record(
    {
      model: fc.record({ provider: word, id: word }),
      tools: fc.array(fc.record({ name: word, input: fc.constant({}) }), { minLength: 1 }),
      toolChoice: fc.constantFrom("auto" as const, "none" as const),
      input: fc.dictionary(word, word),
      untrusted: fc.array(word, { minLength: 1 }),
      output: fc.dictionary(word, word),
      cache: fc.array(fc.nat(5), { minLength: 1 }),
      partials: fc.dictionary(word, word),
    },
    { requiredKeys: [] },
  );

  it("keep bodyHash whatever changes beside the words", () => {
    fc.assert(
      fc.property(beside, (changes) => {
        const changed: VersionText = { ...base, ...changes };
        expect(hashBody(changed)).toBe(hashBody(base));
        expect(hashText(changed) === hashText(base)).toBe(canonicalJson(changed) === canonicalJson(base));
      }),
    );
  });

  it("move bodyHash and hash with every word of body and translations", () => {
    fc.assert(
      fc.property(word, fc.constantFrom("body", "locale", "default"), (text, where) => {
        fc.pre(text !== base.body && text !== base.locales?.de);
        const changes = {
          body: { body: text },
          locale: { locales: { ...base.locales, de: text } },
          default: { defaultLocale: text },
        };
        const changed: VersionText = { ...base, ...changes[where as keyof typeof changes] };
        expect(hashBody(changed)).not.toBe(hashBody(base));
        expect(hashText(changed)).not.toBe(hashText(base));
      }),
    );
  });
});
