/** Tests of the rule for keys and of `KEY@vN`. */
import { describe, expect, it } from "vitest";
import { promptKey } from "./prompt-key.ts";
import { versionNumber, versionReference } from "./version-reference.ts";

describe("promptKey", () => {
  it("takes letters, digits, dots, dashes, underscores and slashes", () => {
    for (const key of ["a", "support.ticket-triage", "team_1/summary.v2", "9lives", "x".repeat(200)]) {
      expect(promptKey(key)).toBe(key);
    }
  });

  it.each([
    ["", "no name of a prompt"],
    [undefined, "undefined"],
    [7, "7"],
    ["support triage", "support triage"],
    [".hidden", ".hidden"],
    ["support.triage@v3", 'as in "support.triage"'],
    ["ä", "letters"],
    ["x".repeat(201), "201 characters"],
  ])("refuses %j and says why", (key, sentence) => {
    expect(() => promptKey(key)).toThrow(
      expect.objectContaining({ code: "prompt-invalid", message: expect.stringContaining(sentence) }),
    );
  });
});

describe("versionReference", () => {
  it("reads a key with and without a version", () => {
    expect(versionReference("support.triage@v12")).toEqual({ key: "support.triage", version: 12 });
    expect(versionReference("support.triage")).toEqual({ key: "support.triage", version: null });
  });

  it("refuses latest, because it would change under the caller", () => {
    expect(() => versionReference("support.triage@latest")).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("there is no latest") }),
    );
  });

  it.each(["7", "v0", "v1.2", "v-1", "v", "V7"])("refuses %j as a version", (text) => {
    expect(() => versionNumber(text)).toThrow(expect.objectContaining({ code: "usage" }));
  });
});
