/** Tests SHA-256 and the draw against NIST and node:crypto. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256, unitDraw } from "./sha256.ts";

function nodeHash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

describe("sha256", () => {
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    [
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("agrees with the vectors of NIST (%#)", (text, hash) => {
    expect(sha256(text)).toBe(hash);
  });

  it("pads every length around the ends of the first blocks as node:crypto does", () => {
    for (let length = 0; length <= 200; length++) {
      const text = "x".repeat(length);
      expect(sha256(text)).toBe(nodeHash(text));
    }
  });

  it("agrees with node:crypto on any text", () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: "grapheme", maxLength: 300 }),
      fc.string({ unit: "binary", maxLength: 300 }),
    );
    fc.assert(
      fc.property(text, (given) => {
        expect(sha256(given)).toBe(nodeHash(given));
      }),
    );
  });
});

describe("sha256 of bytes", () => {
  it("agrees with node:crypto, also on a view into a larger buffer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(70), (bytes, skip) => {
        const view = bytes.subarray(skip);
        expect(sha256(view)).toBe(createHash("sha256").update(view).digest("hex"));
      }),
    );
  });

  it("is that of the text whose UTF-8 they are", () => {
    expect(sha256(new TextEncoder().encode("né"))).toBe(sha256("né"));
  });
});

describe("unitDraw", () => {
  it("is the first 53 bits of the hash, over 2^53", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const bits = BigInt(`0x${nodeHash(text)}`) >> 203n;
        expect(unitDraw(text)).toBe(Number(bits) / 2 ** 53);
      }),
    );
  });

  it("stays in [0, 1)", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const draw = unitDraw(text);
        expect(draw >= 0 && draw < 1).toBe(true);
      }),
    );
  });

  it("spreads units evenly over ten tenths", () => {
    const tenths = new Array<number>(10).fill(0);
    for (let unit = 0; unit < 20_000; unit++) {
      const tenth = Math.floor(unitDraw(`salt:user-${unit}`) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // Chi squared with 9 degrees of freedom: 27.9 is exceeded by chance once in a thousand.
    const chi = tenths.reduce((sum, count) => sum + (count - 2_000) ** 2 / 2_000, 0);
    expect(chi).toBeLessThan(27.9);
  });
});
