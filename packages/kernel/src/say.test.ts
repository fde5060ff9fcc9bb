/** Tests what errors say, whole and in an edge bundle. */
import { describe, expect, it } from "vitest";
import { errorMessage, say, words } from "./say.ts";
import { errorMessage as edgeErrorMessage, say as edgeSay, words as edgeWords } from "./say-facts.ts";

describe("a sentence", () => {
  it("has its words and its facts, and is the message", () => {
    const said = say`${"{{x}}"} at line ${1} is not supported: write \\{{x}}.`;
    expect(said).toBe("{{x}} at line 1 is not supported: write \\{{x}}.");
    expect(errorMessage("template-unsupported", said)).toBe(said);
    expect(say`${"x"} ${words(() => "is missing")}.`).toBe("x is missing.");
  });

  it("has its facts alone at the edge, and the message the code, once", () => {
    const said = edgeSay("{{x}}", 1, "");
    expect(said).toBe("{{x}}, 1");
    expect(edgeSay("x", edgeWords())).toBe("x");
    const message = edgeErrorMessage("template-unsupported", said);
    expect(message).toBe("{{x}}, 1 (template-unsupported: see Colophon's docs/errors.md)");
    expect(edgeErrorMessage("template-unsupported", edgeSay("message 2", message))).toBe(
      `message 2, ${message}`,
    );
    expect(edgeErrorMessage("prompt-invalid", edgeSay())).toBe(
      "prompt-invalid: see Colophon's docs/errors.md",
    );
  });
});
