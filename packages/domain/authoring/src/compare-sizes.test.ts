/** Holds estimates of length to counting what every call has in common. */
import type { VersionText } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { compareSizes, type SizedText } from "./compare-sizes.ts";

function sized(body: VersionText["body"], more: Partial<VersionText> = {}): SizedText {
  const model = { provider: "openai", id: "gpt-5-mini" };
  return { text: { body, model, input: {}, ...more }, partials: new Map() };
}

const RULES = "Answer in one word. ".repeat(10);

describe("compareSizes", () => {
  test("counts words by four characters a token, and no variables", () => {
    const { before, after } = compareSizes(sized("12345678{{ticket}}"), sized("1234{{ticket}}56789"));
    expect(before).toEqual({ staticTokens: 2, prefixTokens: 2, unknownPartials: [] });
    expect(after).toEqual({ staticTokens: 3, prefixTokens: 1, unknownPartials: [] });
  });

  test("says that a cache is broken where a variable has moved before what stood before all variables", () => {
    const [first, moved] = [sized(`${RULES}{{ticket}}`), sized(`{{ticket}}${RULES}`)];
    expect(compareSizes(first, moved).cachePrefix).toBe("broken");
    expect(compareSizes(moved, first).cachePrefix).toBe("changed");
    expect(compareSizes(first, first).cachePrefix).toBe("same");
  });

  test("does not call a text that only became shorter broken", () => {
    expect(compareSizes(sized(`${RULES}{{ticket}}`), sized("Answer. {{ticket}}")).cachePrefix).toBe(
      "changed",
    );
  });

  test("counts tools first, blocks once, and what a partial says", () => {
    const tools = [{ name: "search", input: { type: "object" } }];
    const withTools = compareSizes(sized("Hi"), sized("Hi", { tools }));
    expect(withTools.after?.prefixTokens).toBeGreaterThan(withTools.before?.prefixTokens ?? 0);
    const block = compareSizes(null, sized("{{#if a}}1234{{else}}5678{{/if}}"));
    expect(block).toMatchObject({
      before: null,
      after: { staticTokens: 2, prefixTokens: 0 },
      cachePrefix: null,
    });
    const partial = {
      ...sized("{{> shared.rules}}{{a}}"),
      partials: new Map([["shared.rules", sized("12345678").text]]),
    };
    expect(compareSizes(null, partial).after).toEqual({
      staticTokens: 2,
      prefixTokens: 2,
      unknownPartials: [],
    });
  });

  test("says that it does not know where a partial's words are not at hand, or go in a circle", () => {
    const text = sized("1234{{> shared.rules}}");
    expect(compareSizes(text, text)).toMatchObject({
      cachePrefix: null,
      after: { staticTokens: 1, unknownPartials: ["shared.rules"] },
    });
    const circle = { ...text, partials: new Map([["shared.rules", text.text]]) };
    expect(compareSizes(null, circle).after?.unknownPartials).toEqual(["shared.rules"]);
  });

  test("ends the common beginning at the history", () => {
    const chat = sized([
      { role: "system", content: "1234567" },
      "history",
      { role: "user", content: "1234567" },
    ]);
    expect(compareSizes(null, chat).after).toMatchObject({ staticTokens: 4, prefixTokens: 2 });
  });
});
