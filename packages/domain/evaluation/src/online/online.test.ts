/** Tests of how calls of production are chosen, and of who says what of them. */
import { createIdSource, type ExecutionId, parseExecutionId } from "@colophon/kernel";
import { fixedClock, seededRandom } from "@colophon/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScorerSpec } from "../eval-case.ts";
import type { Judge } from "../judges/judge.ts";
import { builtInJudge } from "../judges/judge-texts.ts";
import { isInSample } from "./is-in-sample.ts";
import { contentsNeeded, onlineLack } from "./online-needs.ts";
import { onlineRater, raterOutcomeId } from "./online-rater.ts";

const ids = createIdSource({ clock: fixedClock(), random: seededRandom("online") });
const executions = Array.from({ length: 4_000 }, () => ids.next() as ExecutionId);
const rubric = { ...(builtInJudge("colophon.judge.rubric") as Judge), version: 1 };
const reference = { ...(builtInJudge("colophon.judge.reference") as Judge), version: 1 };
const RULE = { judges: [], fileHash: null };

describe("The sample", () => {
  test("is the share that was asked for, of ids alone", () => {
    for (const share of [0.05, 0.5]) {
      const chosen = executions.filter((id) => isInSample(id, share)).length / executions.length;
      expect(Math.abs(chosen - share)).toBeLessThan(0.025);
    }
    expect(executions.every((id) => isInSample(id, 1))).toBe(true);
  });

  test("of a larger share has all calls of a smaller one", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...executions), share, share, (id, a, b) => {
        if (isInSample(id, Math.min(a, b))) expect(isInSample(id, Math.max(a, b))).toBe(true);
      }),
    );
  });
});

describe("A rater", () => {
  test("is named after its rule and options, or its judge and that text's hash", () => {
    const short = onlineRater({ scorer: "length", options: { max: 10 } }, RULE);
    const long = onlineRater({ scorer: "length", options: { max: 20 } }, RULE);
    expect(short).toMatchObject({
      metric: "length",
      source: "rule",
      by: expect.stringMatching(/^length#[0-9a-f]{12}$/),
    });
    expect(long.by).not.toBe(short.by);
    const judge = onlineRater(
      { scorer: "judge", options: { judge: rubric.key, rubric: "polite" } },
      { ...RULE, judges: [rubric] },
    );
    expect(judge).toMatchObject({ source: "judge", by: `colophon.judge.rubric@v1#${rubric.hash}` });
    const panel = onlineRater({ scorer: "judge", options: {} }, { ...RULE, judges: [rubric, reference] });
    expect(panel.by).not.toContain(rubric.hash);
  });

  test("says one outcome of one call, under an id of that call's time", () => {
    const [one, other] = executions as [ExecutionId, ExecutionId];
    const rater = onlineRater({ scorer: "json-valid" }, RULE);
    const negated = onlineRater({ scorer: "json-valid", negate: true }, RULE);
    const all = [raterOutcomeId(one, rater), raterOutcomeId(other, rater), raterOutcomeId(one, negated)];
    expect(new Set(all).size).toBe(3);
    expect(raterOutcomeId(one, onlineRater({ scorer: "json-valid" }, RULE))).toBe(all[0]);
    for (const id of all) expect(parseExecutionId(id).slice(0, 13)).toBe(one.slice(0, 13));
  });

  test("says no amount, and nothing under a name that no outcome can have", () => {
    expect(() => onlineRater({ scorer: "length", metric: "latency" }, RULE)).toThrow("no score");
    expect(() => onlineRater({ scorer: "length", metric: "two words" }, RULE)).toThrow("outcome");
  });
});

test.each<readonly [ScorerSpec, readonly Judge[], string | undefined]>([
  [{ scorer: "exact" }, [], "give it value"],
  [{ scorer: "exact", options: { value: "x" } }, [], undefined],
  [{ scorer: "contains", options: { any: ["x"] } }, [], undefined],
  [{ scorer: "json-valid" }, [], undefined],
  [{ scorer: "latency", options: { max: 500 } }, [], "a metric of its own"],
  [{ scorer: "latency", metric: "fast", options: { max: 500 } }, [], undefined],
  [{ scorer: "tool-call", options: { name: "t", arguments: {} } }, [], "the name alone"],
  [{ scorer: "judge" }, [rubric], "give the scorer a rubric"],
  [{ scorer: "judge", options: { rubric: "polite" } }, [rubric], undefined],
  [{ scorer: "judge" }, [reference], "needs a reference"],
])("%j can score what nobody expects anything of, or says what it lacks", (spec, judges, lack) => {
  const found = onlineLack(spec, judges);
  if (lack === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(lack);
});

test("Scorers read no more contents than they need", () => {
  expect(contentsNeeded({ scorer: "latency" })).toBe("none");
  expect(contentsNeeded({ scorer: "refusal" })).toBe("answer");
  expect(contentsNeeded({ scorer: "refusal", options: { words: false } })).toBe("none");
  expect(contentsNeeded({ scorer: "judge" })).toBe("all");
});
