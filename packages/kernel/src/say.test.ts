/** Tests what errors say, whole and in an edge bundle. */
import { describe, expect, it } from "vitest";
import { errorMessage, say, words } from "./say.ts";
import { errorMessage as edgeErrorMessage, say as edgeSay, words as edgeWords } from "./say-facts.ts";

describe("a sentence", () => {
  it("has its words and its facts, and is the message", () => {
    const said = say`${"{{x}}"} at line ${1} is not supported: write \\{{x}}.`;
    expect(said).toBe("{{x}} at line 1 is not supported: write \\{{x}}.");
    expect(errorMessage("template-syntax", said)).toBe(said);
    expect(say`${"x"} ${words(() => "is missing")}.`).toBe("x is missing.");
  });

  it("has its facts alone at the edge, and the message the code", () => {
    const said = edgeSay("{{x}}", 1, "");
    expect(said).toBe("{{x}}, 1");
    expect(edgeSay("x", edgeWords())).toBe("x");
    expect(edgeErrorMessage("template-syntax", said)).toBe(
      "{{x}}, 1 (template-syntax: see Colophon's docs/errors.md)",
    );
    expect(edgeErrorMessage("prompt-invalid", edgeSay())).toBe(
      "prompt-invalid: see Colophon's docs/errors.md",
    );
  });
});
