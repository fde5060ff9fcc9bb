/** Tests when a call counts as asking the same again. */
import type { ExecutionId } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { createRetryDetector } from "./retry-detector.ts";

function detector() {
  const retries = createRetryDetector({ within: 1_000, similarity: 0.8 });
  let count = 0;
  return (variables: Record<string, unknown>, more: { session?: string; key?: string; at?: number } = {}) => {
    const { session = "s", key = "k", at = 0 } = more;
    return retries.asked({ key, session, at, variables, execution: `e${++count}` as ExecutionId });
  };
}

describe("the retry detector", () => {
  it("finds the execution that is asked again, and the one before it each time", () => {
    const ask = detector();
    expect(ask({ q: "a b c d e" })).toBeUndefined();
    expect(ask({ q: "A, b: c d E!" })).toBe("e1");
    expect(ask({ q: "a b c d e" })).toBe("e2");
  });

  it("takes four common words of five for the same question, and three for another", () => {
    const ask = detector();
    ask({ q: "a b c d e" });
    expect(ask({ q: "a b c d x" })).toBe("e1");
    expect(ask({ q: "a b c y z" })).toBeUndefined();
  });

  it("counts up to the last millisecond of its time", () => {
    const ask = detector();
    ask({ q: "same" });
    expect(ask({ q: "same" }, { at: 1_000 })).toBe("e1");
    expect(ask({ q: "same" }, { at: 2_001 })).toBeUndefined();
  });

  it("keeps sessions and prompts apart", () => {
    const ask = detector();
    ask({ q: "same" });
    expect(ask({ q: "same" }, { session: "t" })).toBeUndefined();
    expect(ask({ q: "same" }, { key: "l" })).toBeUndefined();
    expect(ask({ q: "same" })).toBe("e1");
  });

  it("never takes calls without words for one another", () => {
    const ask = detector();
    ask({ q: "" });
    expect(ask({ q: "" })).toBeUndefined();
  });

  it("forgets the session that was unused longest, when there are too many", () => {
    const ask = detector();
    ask({ q: "same" }, { session: "old" });
    ask({ q: "same" }, { session: "kept" });
    for (let index = 0; index < 998; index++) ask({ q: "other" }, { session: `s${index}` });
    expect(ask({ q: "same" }, { session: "kept" })).toBe("e2");
    ask({ q: "one more" }, { session: "new" });
    expect(ask({ q: "same" }, { session: "old" })).toBeUndefined();
  });

  it("compares texts of any length, objects, and what JSON cannot hold", () => {
    const ask = detector();
    const long = Array.from({ length: 50_000 }, (_, index) => `word${index}`).join(" ");
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    for (const value of [long, { a: ["deep words"] }, 12n, ring, undefined, () => 1]) {
      ask({ value });
      expect(() => ask({ value })).not.toThrow();
    }
    ask({ value: long });
    expect(ask({ value: long })).toBeDefined();
  });
});
