/** Tests the error class and its table. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERROR_CODES, errorCodeOf, HarnessError } from "./errors.ts";

describe("the error table", () => {
  it("is sorted and without repeats", () => {
    expect(ERROR_CODES).toEqual([...new Set(ERROR_CODES)].sort());
  });

  it("is explained to readers code by code, and nothing else is", () => {
    const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
    const explained = [...page.matchAll(/^## `([a-z-]+)`$/gm)].map((match) => match[1]);
    expect([...explained].sort()).toEqual([...ERROR_CODES]);
  });
});

describe("HarnessError", () => {
  it("carries code, message, cause and details", () => {
    const cause = new Error("below");
    const error = new HarnessError("misfit", "It does not fit.", { cause, details: { path: "a" } });
    expect(error).toMatchObject({ name: "HarnessError", code: "misfit", message: "It does not fit.", cause });
    expect(error.details).toEqual({ path: "a" });
    expect(Object.hasOwn(new HarnessError("misfit", "x"), "cause")).toBe(false);
    expect(Object.hasOwn(new HarnessError("misfit", "x", { cause: undefined }), "cause")).toBe(false);
  });
});

describe("errorCodeOf", () => {
  it("knows an error of another copy of this class by its code", () => {
    expect(errorCodeOf(new HarnessError("withdrawn", "x"))).toBe("withdrawn");
    expect(errorCodeOf({ name: "HarnessError", code: "withdrawn" })).toBe("withdrawn");
  });

  it.each([
    undefined,
    null,
    "misfit",
    5,
    new Error("x"),
    { code: "ENOENT" },
    { code: 5 },
    { code: "misfit" },
  ])("knows nothing of %s", (error) => {
    expect(errorCodeOf(error)).toBeUndefined();
  });
});
