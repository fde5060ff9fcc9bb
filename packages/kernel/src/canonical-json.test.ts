/** Tests canonical JSON against RFC 8785. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

/** JSON values with keys of every kind, "__proto__" among them. */
const json = fc.jsonValue({ maxDepth: 4 });

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item)] as const);
  return Object.fromEntries(entries.reverse());
}

describe("canonicalJson", () => {
  it("writes the sample of RFC 8785, section 3.2.3", () => {
    const sample = JSON.parse(`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts keys by UTF-16 code units, as section 3.2.3 of RFC 8785 does", () => {
    const keys = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
    const sorted = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(text).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(",")}}`);
  });

  it.each([
    [0x0000000000000000n, "0"],
    [0x8000000000000000n, "0"],
    [0x0000000000000001n, "5e-324"],
    [0x7fefffffffffffffn, "1.7976931348623157e+308"],
    [0x4340000000000000n, "9007199254740992"],
    [0x444b1ae4d6e2ef50n, "1e+21"],
    [0x444b1ae4d6e2ef4en, "999999999999999700000"],
    [0x3eb0c6f7a0b5ed8dn, "0.000001"],
    [0x3eb0c6f7a0b5ed8cn, "9.999999999999997e-7"],
    [0x41b3de4355555553n, "333333333.3333332"],
    [0xbecbf647612f3696n, "-0.0000033333333333333333"],
  ])("writes the double %s as appendix B of RFC 8785 lists it", (bits, text) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, bits);
    expect(canonicalJson(view.getFloat64(0))).toBe(text);
  });

  it("is read back by JSON.parse as the value that was written", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("is a fixed point: what was read back is written the same", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("leaves out what is undefined in an object and writes null for it in a list", () => {
    expect(canonicalJson({ a: undefined, b: [undefined, 1] })).toBe('{"b":[null,1]}');
  });

  it("writes dates as their texts, so that two of them are not one", () => {
    expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });

  it.each([
    ["a number that is none", Number.NaN],
    ["infinity", Number.POSITIVE_INFINITY],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a bigint", 1n],
    ["half a surrogate pair", "\ud800"],
    ["half a surrogate pair in a key", { "\udc00": 1 }],
    ["nothing", undefined],
  ])("refuses %s", (_, value) => {
    expect(() => canonicalJson(value)).toThrowError(expect.objectContaining({ code: "input-malformed" }));
  });
});
