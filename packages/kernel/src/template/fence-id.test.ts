/** The id of a fence. */
import { describe, expect, it } from "vitest";
import { errorCodeOf } from "../errors.ts";
import { compileBody } from "./compile-body.ts";
import { fenceId } from "./fence-id.ts";

describe("the id of a fence", () => {
  it("is the end of the hash, in lower case", () => {
    expect(fenceId(`${"0".repeat(52)}ABCDEF012345`)).toBe("abcdef012345");
    expect(fenceId("sha256:00abcdef012345")).toBe("abcdef012345");
  });

  it("is none where there is no hash, which compiling refuses", () => {
    for (const hash of ["", "abc", "0123456789az", "zzzzzzzzzzzzzzzz"]) {
      let code: string | undefined;
      try {
        compileBody("{{a}}", { untrusted: ["a"], fence: fenceId(hash) });
      } catch (error) {
        code = errorCodeOf(error);
      }
      expect(code, hash).toBe("usage");
    }
  });
});
