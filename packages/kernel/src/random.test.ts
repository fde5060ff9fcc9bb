/** Tests the names that are drawn from a generator. */
import { describe, expect, it } from "vitest";
import { randomId, systemRandom } from "./random.ts";

describe("randomId", () => {
  it("is 32 hex digits, out of the bytes that it is given", () => {
    expect(randomId({ fill: (bytes) => bytes.fill(0x0b) })).toBe("0b".repeat(16));
    expect(randomId(systemRandom)).toMatch(/^[\da-f]{32}$/);
  });

  it("repeats none", () => {
    const made = new Set(Array.from({ length: 1_000 }, () => randomId(systemRandom)));
    expect(made.size).toBe(1_000);
  });
});
