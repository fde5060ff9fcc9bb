/** Tests of what calls do to texts. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: holes are said as `${…}`
import { describe, expect, it } from "vitest";
import { seenThrough, widened } from "./adjust-text.ts";
import { valueInWords } from "./module-in-words.fixture.ts";
import type { SourceValue } from "./source-value.ts";

const SPAN = { from: 0, to: 1 };
const HOLE: SourceValue = { kind: "name", name: "x", scope: 0, ...SPAN };

function text(...pieces: readonly (string | SourceValue)[]): SourceValue {
  return { kind: "text", form: "template", pieces, ...SPAN };
}

describe("what a call does to a text", () => {
  it.each([
    ["trim", text("\n a ", HOLE, " \n"), '"a ${x}"~trim'],
    ["strip", text(" a "), '"a"~strip'],
    ["rstrip", text(" a "), '" a"~rstrip'],
    [
      "textwrap.dedent",
      text("\n  a\n    ", HOLE, "\n\n   \n  b"),
      '"\\na\\n  ${x}\\n\\n\\nb"~textwrap.dedent',
    ],
    ["textwrap.dedent", text("a\n  b"), '"a\\n  b"~textwrap.dedent'],
    ["inspect.cleandoc", text("a\n\n    b\n      c\n  "), '"a\\n\\nb\\n  c"~inspect.cleandoc'],
    ["dedent", text("\n    a ", HOLE, "\n      b\n    "), '"a ${x}\\n  b"~dedent'],
    ["filter", text(" a "), '" a "~filter'],
    ["trim", HOLE, "x~trim"],
  ])("is done to its pieces by %s", (call, value, words) => {
    expect(valueInWords(seenThrough(value, call, SPAN))).toBe(words);
  });

  it("is done to the ends of a sum, and to nothing that is joined", () => {
    const sum: SourceValue = {
      kind: "concatenation",
      parts: [text(" a "), HOLE, text(" b ")],
      separator: null,
      ...SPAN,
    };
    expect(valueInWords(seenThrough(sum, "trim", SPAN))).toBe('("a " + x + " b")~trim');
    const joined = seenThrough({ ...sum, separator: text(",") }, "trim", SPAN);
    expect(valueInWords(joined)).toBe('(" a " + x + " b " by ",")~trim');
  });

  it("is kept in the order of the calls, with the place of the whole expression", () => {
    const once = seenThrough(text("a"), "dedent", { from: 5, to: 20 });
    const twice = widened(seenThrough(once, "trim", { from: 5, to: 27 }), { from: 0, to: 27 });
    expect(twice).toMatchObject({ through: ["dedent", "trim"], from: 0, to: 27 });
  });
});
