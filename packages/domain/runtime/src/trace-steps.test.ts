/** Steps of prompts in traces. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TraceSteps } from "./trace-steps.ts";

describe("TraceSteps", () => {
  it("counts each prompt of each trace by itself", () => {
    const steps = new TraceSteps();
    const asked = [["t1", "a"], ["t1", "a"], ["t1", "b"], ["t2", "a"], ["t1", "a"]] as const; // biome-ignore format: one line
    expect(asked.map(([trace, key]) => steps.next(trace, key, 1))).toEqual([1, 2, 1, 1, 3]);
  });

  it("takes another attempt for the step that it repeats", () => {
    const steps = new TraceSteps();
    expect([1, 2, 3, 1, 2].map((attempt) => steps.next("t", "a", attempt))).toEqual([1, 1, 1, 2, 2]);
  });

  it("takes an attempt whose first try it did not see for the first step", () => {
    expect(new TraceSteps().next("t", "a", 2)).toBe(1);
  });

  it("forgets what was not asked for while a generation of others came, and nothing else", () => {
    const steps = new TraceSteps(3);
    steps.next("left", "a", 1);
    for (let turn = 1; turn <= 20; turn++) {
      expect(steps.next("kept", "a", 1)).toBe(turn);
      steps.next(`other ${turn}`, "a", 1);
    }
    expect(steps.next("left", "a", 1)).toBe(1);
  });

  it("gives first tries 1, 2, 3, … whatever lies between them, as long as it remembers them", () => {
    const call = fc.record({
      trace: fc.constantFrom("t1", "t2"),
      key: fc.constantFrom("a", "b"),
      attempt: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 50 }), (calls) => {
        const steps = new TraceSteps();
        const before = new Map<string, number>();
        for (const { trace, key, attempt } of calls) {
          const pair = `${trace} ${key}`;
          const last = before.get(pair) ?? 0;
          const step = steps.next(trace, key, attempt);
          expect(step).toBe(attempt === 1 ? last + 1 : Math.max(1, last));
          before.set(pair, step);
        }
      }),
    );
  });
});
