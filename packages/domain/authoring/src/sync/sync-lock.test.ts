/** Tests of the lock: what is written is read back, and what a merge of git leaves behind is refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LockEntry, printLock, readLock } from "./sync-lock.ts";

const HASH = "ab".repeat(32);
const ENTRY: LockEntry = { version: 7, hash: HASH, metadata: "0123456789abcdef" };

describe("colophon.lock", () => {
  it("is read back as it was written, whatever order it had", () => {
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
    const lockEntry = fc.record(
      {
        version: fc.integer({ min: 1, max: 1e6 }),
        hash: hex(64),
        metadata: hex(16),
        seen: fc.integer({ min: 1, max: 1e6 }),
      },
      { requiredKeys: ["version", "hash", "metadata"] },
    );
    const key = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,20}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(key, lockEntry), { maxLength: 8 }), (entries) => {
        const lock = new Map(entries);
        const printed = printLock(lock);
        expect(readLock(printed, "colophon.lock")).toEqual(lock);
        expect(printLock(new Map([...lock].reverse()))).toBe(printed);
        expect(printed.split("\n").filter((line) => line.includes('"hash"'))).toHaveLength(lock.size);
      }),
    );
  });

  it("may have a prompt whose key is a word of the lock itself", () => {
    const lock = new Map(["hash", "version", "prompts", "constructor"].map((key) => [key, ENTRY]));
    expect(readLock(printLock(lock), "colophon.lock")).toEqual(lock);
  });

  it.each<[string, string, string]>([
    ["the marks of a merge", `<<<<<<< HEAD\n${printLock(new Map([["a", ENTRY]]))}`, "higher version"],
    ["the marks of a merge on another system", "{\r\n=======\r\n}", "conflict markers"],
    ["no JSON", "{", "no JSON"],
    ["another shape", "[]", "more or less"],
    ["a later format", '{"format":2,"prompts":{}}', "newer Colophon"],
    ["further fields", '{"format":1,"prompts":{},"x":1}', "more or less"],
    ["an entry without a hash", '{"format":1,"prompts":{"a":{"version":1}}}', "its entry of a"],
    ["a version that is none", printLock(new Map([["a", { ...ENTRY, version: 0.5 }]])), "its entry of a"],
    ["a key that is none", printLock(new Map([["a b", ENTRY]])), "a b"],
    [
      "a prompt twice",
      printLock(
        new Map([
          ["a", ENTRY],
          ["b", ENTRY],
        ]),
      ).replace('"b"', '"a"'),
      "twice",
    ],
  ])("is refused with %s", (_, source, sentence) => {
    expect(() => readLock(source, "colophon.lock")).toThrow(
      expect.objectContaining({ code: "input-malformed", message: expect.stringContaining(sentence) }),
    );
  });
});
