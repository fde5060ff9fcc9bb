/** Tests base64 against the vectors of RFC 4648 and node:buffer. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64 } from "./base64.ts";

describe("base64", () => {
  it.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ])("agrees with RFC 4648 on %j", (text, encoded) => {
    expect(base64(new TextEncoder().encode(text))).toBe(encoded);
  });

  it("agrees with node:buffer on any bytes, also on a view into a larger buffer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (bytes, skip) => {
        const view = bytes.subarray(skip);
        expect(base64(view)).toBe(Buffer.from(view).toString("base64"));
      }),
    );
  });
});
