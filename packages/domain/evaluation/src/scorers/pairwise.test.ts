/** Tests of the scorer that compares two answers: scores that mirror each other, ties, and what has no score. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScorerSpec } from "../eval-case.ts";
import type { AnswerPair, ComparableAnswer, ScoreOutcome } from "../scorer.ts";
import { createScorers, type Scorers } from "./create-scorers.ts";
import { input, judgeSaying, judging, typeChecker } from "./scorers.fixture.ts";

const SPEC: ScorerSpec = { scorer: "pairwise" };
const answer = (text: string | null): ComparableAnswer => ({ text, toolCalls: [] });
const prefers = (preference: string): string => JSON.stringify({ reason: "because", preference });
/** Prefers the answer with this word, wherever it stands. */
const likes = (word: string) => (messages: string) =>
  prefers(messages.indexOf(word) < messages.indexOf("Answer B:") ? "A" : "B");

type Said = Parameters<typeof judgeSaying>[0];

function scorersOf(said: Said): { readonly scorers: Scorers; readonly asked: readonly string[] } {
  const { caller, asked } = judgeSaying(said);
  return { scorers: createScorers({ checkerOf: typeChecker, judging: judging(caller) }), asked };
}

/** The scores of both answers of a pair. */
async function scoreBoth(
  scorers: Scorers,
  [challenger, opponent]: readonly [ComparableAnswer | null, ComparableAnswer | null],
  spec = SPEC,
): Promise<readonly [ScoreOutcome, ScoreOutcome]> {
  const answers: AnswerPair = { challenger, opponent };
  const score = (as: "challenger" | "opponent", own: ComparableAnswer | null) =>
    scorers.score(spec, input(own?.text ?? null, { kind: "none" }, { pair: { answers, as } }));
  return Promise.all([score("challenger", challenger), score("opponent", opponent)]);
}

describe("A pairwise judge", () => {
  test("gives 1 to the better answer and 0 to the other, and is asked once in each order", async () => {
    const { scorers, asked } = scorersOf(likes("NEW"));
    expect(await scoreBoth(scorers, [answer("NEW"), answer("OLD")])).toMatchObject([
      { ok: true, value: 1 },
      { ok: true, value: 0 },
    ]);
    expect(asked).toHaveLength(2);
    expect(await scoreBoth(scorers, [answer("OLD"), answer("NEW")])).toMatchObject([
      { value: 0 },
      { value: 1 },
    ]);
  });

  test("that changes its mind with the order, or sees no difference, gives both a half", async () => {
    for (const said of [prefers("A"), prefers("B"), prefers("tie")]) {
      const { scorers } = scorersOf(said);
      const both = await scoreBoth(scorers, [answer("NEW"), answer("OLD")]);
      expect(both).toMatchObject([{ value: 0.5 }, { value: 0.5 }]);
    }
  });

  test("is not asked about the same answer twice, or about an empty one", async () => {
    const { scorers, asked } = scorersOf(prefers("A"));
    expect(await scoreBoth(scorers, [answer("same"), answer("same")])).toMatchObject([
      { value: 0.5 },
      { value: 0.5 },
    ]);
    expect(await scoreBoth(scorers, [answer(""), answer("words")])).toMatchObject([
      { value: 0 },
      { value: 1 },
    ]);
    expect(await scoreBoth(scorers, [answer(""), answer(null)])).toMatchObject([
      { value: 0.5 },
      { value: 0.5 },
    ]);
    expect(asked).toEqual([]);
  });

  test("that fails gives neither a score: an error is no tie", async () => {
    const { scorers } = scorersOf("no JSON");
    expect(await scoreBoth(scorers, [answer("NEW"), answer("OLD")])).toMatchObject([
      { ok: false },
      { ok: false },
    ]);
  });

  test("counts an answer that the challenger alone lacks as lost, and one that the other lacks as nothing", async () => {
    const { scorers } = scorersOf(prefers("A"));
    const [, opponent] = await scoreBoth(scorers, [null, answer("OLD")]);
    expect(opponent).toMatchObject({ ok: true, value: 1 });
    const [challenger] = await scoreBoth(scorers, [answer("NEW"), null]);
    expect(challenger).toMatchObject({ ok: false, error: expect.stringContaining("other version") });
    expect(await scorers.score(SPEC, input("NEW"))).toMatchObject({ ok: false });
  });

  test("likes length only up to three times as much, unless it is told otherwise", async () => {
    const padded = `NEW ${"word ".repeat(200)}`;
    const { scorers } = scorersOf(likes("NEW"));
    const both = [answer(padded), answer("OLD")] as const;
    expect(await scoreBoth(scorers, both)).toMatchObject([{ value: 0.5 }, { value: 0.5 }]);
    const open = { ...SPEC, options: { lengthGate: 0 } };
    expect(await scoreBoth(scorers, both, open)).toMatchObject([{ value: 1 }, { value: 0 }]);
  });

  test("gives scores that add up to 1, whatever it says in either order", async () => {
    const word = fc.constantFrom("", "NEW", "OLD", "long ".repeat(200));
    const said = fc.constantFrom("A", "B", "tie");
    await fc.assert(
      fc.asyncProperty(word, word, fc.tuple(said, said), async (one, other, [first, second]) => {
        const { scorers } = scorersOf((messages) =>
          prefers(messages.includes(`Answer A:\n${one}`) ? first : second),
        );
        const both = await scoreBoth(scorers, [answer(one), answer(other)]);
        const sum = both.reduce((all, outcome) => all + (outcome.ok ? outcome.value : Number.NaN), 0);
        expect(sum).toBe(1);
      }),
    );
  });

  test.each<[ScorerSpec, RegExp]>([
    [{ ...SPEC, required: true }, /neither required nor negated/],
    [{ ...SPEC, negate: true }, /neither required nor negated/],
    [{ ...SPEC, options: { judges: ["a"] } }, /has no option judges/],
    [{ ...SPEC, options: { judge: "colophon.judge.rubric" } }, /grades single answers/],
    [{ ...SPEC, options: { judge: "nobody" } }, /There is no judge "nobody"/],
  ])("is refused as %j", (spec, sentence) => {
    const { scorers } = scorersOf(prefers("A"));
    expect(scorers.check(spec) ?? scorers.lacks(spec)).toMatch(sentence);
  });

  test("is among the judges that a run depends on", () => {
    const { scorers } = scorersOf(prefers("A"));
    expect(scorers.judgesOf([SPEC]).map(({ key }) => key)).toEqual(["colophon.judge.pairwise"]);
  });
});
