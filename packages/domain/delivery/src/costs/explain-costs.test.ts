/** Tests of the explanation on windows made to contain each cause, and of its sums on any windows. */
import type { Rollup } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CostChange, ExplainedChange } from "./cost-change.ts";
import { aSum, DEARER, priced } from "./costs.fixture.ts";
import { explainCosts } from "./explain-costs.ts";
import { changeDecimals, roundChange } from "./round-change.ts";

interface Windows {
  readonly before: readonly Rollup[];
  readonly after: readonly Rollup[];
  readonly dearer?: boolean;
}

function explain({ before, after, dearer = false }: Windows): readonly CostChange[] {
  return explainCosts({
    subject: "support.triage",
    before: priced(before),
    after: priced(after, dearer ? DEARER : 0),
  });
}

function explained(windows: Windows): ExplainedChange {
  const [change] = explain(windows);
  if (change?.status !== "explained") throw new Error(`not explained: ${change?.headline}`);
  return change;
}

const CAUSES: readonly (readonly [string, Windows, RegExp])[] = [
  [
    "volume",
    { before: [aSum()], after: [aSum({ calls: 163 })] },
    /rose by \$0\.113 \(\+63 %\): mostly volume, which rose from 100 to 163 traces\.$/,
  ],
  [
    "volume",
    { before: [aSum({ calls: 200 })], after: [aSum()] },
    /fell by \$0\.180 \(−50 %\): mostly volume, which fell from 200 to 100 traces\.$/,
  ],
  [
    "callsPerTrace",
    { before: [aSum({ traces: 100 })], after: [aSum({ calls: 320, traces: 100 })] },
    /mostly calls per trace, which rose from 1 to 3\.2\.$/,
  ],
  [
    "retries",
    { before: [aSum({ calls: 103, retries: 3 })], after: [aSum({ calls: 142, retries: 42 })] },
    /mostly retries: 1\.42 attempts per call against 1\.03\.$/,
  ],
  [
    "promptMix",
    {
      before: [aSum()],
      after: [aSum({ calls: 40 }), aSum({ calls: 60, version: 8, inputTokens: 60 * 2_400 })],
    },
    /mostly the mix of versions: v8 took 60 % of the calls of v7 and sends 2\.4 times the input tokens\.$/,
  ],
  [
    "promptMix",
    {
      before: [aSum({ calls: 95 }), aSum({ calls: 5, prompt: "report.writer", outputTokens: 5 * 2_000 })],
      after: [aSum({ calls: 70 }), aSum({ calls: 30, prompt: "report.writer", outputTokens: 30 * 2_000 })],
    },
    /mostly the mix of prompts: report\.writer@v7 rose from 5 % to 30 % of all traces and costs 9\.44 times as much per trace as support\.triage@v7\.$/,
  ],
  [
    "modelMix",
    { before: [aSum()], after: [aSum({ calls: 30 }), aSum({ calls: 70, requestedModel: "large" })] },
    /mostly the mix of models: openai\/large answered 70 % of the calls \(0 % before\) and costs 5 times as much per call as openai\/small\.$/,
  ],
  [
    "inputTokens",
    { before: [aSum()], after: [aSum({ inputTokens: 290_000 })] },
    /mostly input tokens, which rose from 1,000 to 2,900 per call\.$/,
  ],
  [
    "outputTokens",
    { before: [aSum()], after: [aSum({ outputTokens: 40_000 })] },
    /mostly output tokens, which rose from 100 to 400 per call\.$/,
  ],
  [
    "reasoningTokens",
    { before: [aSum()], after: [aSum({ outputTokens: 60_000, reasoningTokens: 50_000 })] },
    /mostly reasoning tokens, which rose from 0 to 500 per call\.$/,
  ],
  [
    "cacheHits",
    { before: [aSum({ cacheReadTokens: 82_000 })], after: [aSum({ cacheReadTokens: 9_000 })] },
    /mostly cache hits, which fell from 82 % to 9 % of input tokens\.$/,
  ],
  [
    "price",
    { before: [aSum()], after: [aSum()], dearer: true },
    /rose by \$0\.090 \(\+50 %\): mostly price: input tokens of openai\/small rose from \$1\.00 to \$1\.50 per million\.$/,
  ],
  [
    "price",
    {
      before: [aSum({ currency: "USD", stated: 1e9 })],
      after: [aSum({ currency: "USD", stated: 3e9 })],
    },
    /mostly price: the cost that the application states for openai\/small rose from \$0\.0100 to \$0\.0300 per call\.$/,
  ],
];

describe("explainCosts", () => {
  test("says that a version took all calls of another, and how its answers differ", () => {
    const { headline } = explained({
      before: [aSum()],
      after: [aSum({ version: 8, outputTokens: 30_000 })],
    });
    expect(headline).toMatch(
      /the mix of versions: v8 took all calls of v7 and gets 3 times the output tokens\.$/,
    );
  });

  test("says of a version with the same tokens what it costs, and of a new prompt how large it is", () => {
    const dear = explained({ before: [aSum()], after: [aSum({ version: 8, requestedModel: "large" })] });
    expect(dear.headline).toMatch(/v8 took all calls of v7 and costs 5 times as much per trace as v7\.$/);
    const free = aSum({ prompt: "free", currency: "USD", stated: 0 });
    const paid = explained({ before: [free], after: [free, aSum()] });
    expect(paid.headline).toMatch(
      /support\.triage@v7 rose from 0 % to 50 % of all traces and costs something, which free@v7 does not\.$/,
    );
  });

  test("tells cache writes from cache hits", () => {
    const { headline } = explained({
      before: [aSum({ requestedModel: "large" })],
      after: [aSum({ requestedModel: "large", cacheWriteTokens: 90_000 })],
    });
    expect(headline).toMatch(/cache writes, which rose from 0 % to 90 % of input tokens\.$/);
  });

  test.each(CAUSES)("names %s first where it is the cause", (factor, windows, words) => {
    const { parts, headline } = explained(windows);
    expect(parts[0]?.factor).toBe(factor);
    expect(headline).toMatch(words);
    expect(headline).toMatch(/^Cost of support\.triage (rose|fell) by [^\n]*\.$/);
  });

  test("gives a single cause the whole change, and the others nothing", () => {
    const { parts, change } = explained({
      before: [aSum({ cacheReadTokens: 82_000 })],
      after: [aSum({ cacheReadTokens: 9_000 })],
    });
    expect(parts[0]?.amount).toBeCloseTo(change, 12);
    for (const { amount, where } of parts.slice(1))
      expect([Math.abs(amount) < 1e-12, where]).toEqual([true, null]);
  });

  test("shows each factor's figures over the windows, and none for mixes and prices", () => {
    const { parts } = explained({
      before: [aSum({ retries: 20, traces: 40 })],
      after: [aSum({ calls: 200, outputTokens: 40_000, reasoningTokens: 10_000, cacheReadTokens: 50_000 })],
    });
    const figures = Object.fromEntries(parts.map(({ factor, before, after }) => [factor, [before, after]]));
    expect(figures).toEqual({
      volume: [40, 200],
      callsPerTrace: [2, 1],
      retries: [1.25, 1],
      promptMix: [null, null],
      modelMix: [null, null],
      inputTokens: [1_000, 1_000],
      outputTokens: [100, 150],
      reasoningTokens: [0, 50],
      cacheHits: [0, 0.25],
      price: [null, null],
    });
  });

  test("says where the part comes from when there are several places", () => {
    const other = aSum({ prompt: "report.writer" });
    const { headline, parts } = explained({
      before: [aSum(), other],
      after: [aSum({ inputTokens: 300_000 }), other],
    });
    expect(headline).toMatch(
      /input tokens, which rose from 1,000 to 3,000 per call in support\.triage@v7\.$/,
    );
    expect(parts[0]?.where).toMatchObject({
      prompt: "support.triage",
      version: 7,
      worker: { provider: "openai", model: "small" },
    });
  });

  test("tells two causes when neither is half of the change", () => {
    const { headline } = explained({
      before: [aSum()],
      after: [
        aSum({ inputTokens: 200_000, outputTokens: 22_000, cacheReadTokens: 0, calls: 140, traces: 140 }),
      ],
    });
    expect(headline).toMatch(/: first of all [^(]+\(\+\$[\d.]+\); then [a-z ]+\(\+\$[\d.]+\)\.$/);
  });

  test("says when causes balance out", () => {
    const { headline } = explained({
      before: [aSum()],
      after: [aSum({ calls: 200, inputTokens: 20_000, outputTokens: 20_000 })],
    });
    expect(headline).toMatch(
      /^Cost of support\.triage stayed at \$0\.180: volume \(\+\$0\.\d+\) and input tokens \(−\$0\.\d+\) balance out\.$/,
    );
    expect(explained({ before: [aSum()], after: [aSum()] }).headline).toBe(
      "Cost of support.triage stayed at $0.180.",
    );
  });

  test("takes no storm of refused calls for a cost: what failed without tokens is not paid for", () => {
    const storm = aSum({
      calls: 400,
      errors: 300,
      uncounted: 300,
      retries: 300,
      traces: 100,
      inputTokens: 100_000,
      outputTokens: 10_000,
    });
    const { change, parts } = explained({ before: [aSum()], after: [storm] });
    expect(change).toBeCloseTo(0, 12);
    for (const { amount } of parts) expect(amount).toBeCloseTo(0, 12);
  });

  test("knows calls that all failed from calls that nobody made", () => {
    const failed = aSum({ errors: 100, uncounted: 100, inputTokens: 0, outputTokens: 0 });
    const { change, parts } = explained({ before: [aSum()], after: [failed] });
    expect(change).toBeCloseTo(-0.18, 12);
    expect(parts[0]).toMatchObject({ factor: "retries", before: 1, after: 0 });
  });

  test("takes calls without tokens that did not fail for no part of the volume, as their cost is unknown", () => {
    const { change, parts } = explained({
      before: [aSum()],
      after: [aSum({ calls: 130, uncounted: 30, inputTokens: 100_000, outputTokens: 10_000 })],
    });
    expect(change).toBeCloseTo(0, 12);
    for (const { amount } of parts) expect(amount).toBeCloseTo(0, 12);
  });

  test("takes what a window cuts off from its beginning for work that begins there", () => {
    const { parts } = explained({
      before: [aSum()],
      after: [aSum({ calls: 50, retries: 50, traces: 0 })],
    });
    expect(parts[0]).toMatchObject({ factor: "volume", before: 100, after: 50 });
  });

  test("tells eval runs and other environments apart from serving the same text", () => {
    const evals = aSum({ purpose: "eval", environment: "staging", calls: 50, outputTokens: 50_000 });
    const { headline } = explained({
      before: [aSum(), { ...evals, calls: 1, traces: 1, inputTokens: 1_000, outputTokens: 1_000 }],
      after: [aSum({ calls: 50 }), evals],
    });
    expect(headline).toContain(
      "support.triage@v7 for eval in staging rose from 0.99 % to 50 % of all traces",
    );
  });

  test("names the text in code, and models where a work has several", () => {
    const both = (outputTokens: number) => [
      aSum({ version: null }),
      aSum({ version: null, requestedModel: "large", outputTokens }),
    ];
    const { headline } = explained({ before: both(10_000), after: both(30_000) });
    expect(headline).toMatch(/output tokens, which rose from 100 to 300 per call on openai\/large\.$/);
  });

  test("explains each currency by itself", () => {
    const euros = (calls: number) => aSum({ requestedModel: "euro", calls });
    const changes = explain({ before: [aSum(), euros(100)], after: [aSum({ calls: 110 }), euros(400)] });
    expect(changes.map(({ currency, headline }) => [currency, headline.slice(0, 45)])).toEqual([
      ["EUR", "Cost of support.triage rose by €0.720 (+300 %"],
      ["USD", "Cost of support.triage rose by $0.018 (+10 %)"],
    ]);
  });

  test.each([
    ["no calls at all", { before: [], after: [] }, "neither window has calls"],
    ["no calls before", { before: [], after: [aSum()] }, "the window before has no calls"],
    ["no calls after", { before: [aSum()], after: [] }, "the window after has no calls"],
    [
      "no prices",
      { before: [aSum({ requestedModel: "nobody" })], after: [aSum({ requestedModel: "nobody" })] },
      "no call of either window is priced",
    ],
    [
      "no prices before",
      { before: [aSum({ requestedModel: "nobody" })], after: [aSum()] },
      "no call of the window before is priced in USD",
    ],
  ])("says that %s are too little, and makes no share up", (_name, windows, why) => {
    const [change] = explain(windows);
    expect(change).toMatchObject({
      status: "insufficient",
      headline: `There is too little to explain the cost of support.triage: ${why}.`,
    });
    expect(change).not.toHaveProperty("share");
  });

  test("has no share of a cost of nothing", () => {
    const free = aSum({ currency: "USD", stated: 0 });
    const { share, headline } = explained({ before: [free], after: [{ ...free, stated: 5e9 }] });
    expect(share).toBeNull();
    expect(headline).toMatch(/rose by \$5\.00: mostly price/);
  });
});

const anySum: fc.Arbitrary<Rollup> = fc
  .record({
    prompt: fc.constantFrom("a", "b", "c"),
    version: fc.constantFrom(1, 2, null),
    purpose: fc.constantFrom("serve" as const, "eval" as const),
    environment: fc.constantFrom("production", "staging"),
    requestedModel: fc.constantFrom("small", "large", "search", "euro", "nobody", "embedding"),
    currency: fc.constantFrom(null, null, null, "USD", "EUR"),
    calls: fc.integer({ min: 1, max: 5_000 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
  })
  .map(({ shares, ...fields }) => {
    const [none = 0, retried = 0, begun = 0, input = 0, read = 0, output = 0, thought = 0, failed = 0] =
      shares;
    const { calls } = fields;
    const uncounted = none > 0.8 ? calls : Math.floor(none * calls);
    const firsts = Math.ceil((1 - retried) * calls);
    const inputTokens = Math.floor((calls - uncounted) * input * 10_000);
    const cacheReadTokens = Math.floor(inputTokens * read);
    const outputTokens = Math.floor((calls - uncounted) * output * 3_000);
    return aSum({
      ...fields,
      uncounted,
      errors: Math.floor(failed * calls),
      retries: calls - firsts,
      traces: Math.floor(begun * firsts),
      inputTokens,
      cacheReadTokens,
      cacheWriteTokens: Math.floor((inputTokens - cacheReadTokens) * thought),
      outputTokens,
      reasoningTokens: Math.floor(outputTokens * thought),
      stated: fields.currency === null ? 0 : Math.floor(input * 1e10),
    });
  });

const windows = fc.record({
  before: fc.array(anySum, { maxLength: 12 }),
  after: fc.array(anySum, { maxLength: 12 }),
  dearer: fc.boolean(),
});

describe("On any two windows", () => {
  test("the parts add up to the change, and the change to the totals, for each currency", () => {
    fc.assert(
      fc.property(windows, (given) => {
        for (const change of explain(given)) {
          if (change.status === "insufficient") continue;
          const { before, after, parts } = change;
          const sum = parts.reduce((all, { amount }) => all + amount, 0);
          const size = Math.max(before.amount + after.amount, 1e-12);
          expect(Math.abs(sum - (after.amount - before.amount)) / size).toBeLessThan(1e-9);
          expect(parts.every(({ amount }) => Number.isFinite(amount))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("the totals are what the priced sums add up to", () => {
    fc.assert(
      fc.property(windows, (given) => {
        for (const change of explain(given)) {
          for (const [side, at] of [
            ["before", 0],
            ["after", given.dearer ? DEARER : 0],
          ] as const) {
            const naive = priced(given[side], at).reduce(
              (all, { cost }) =>
                all + (cost.kind !== "unpriced" && cost.currency === change.currency ? cost.amount : 0),
              0,
            );
            expect(change[side].amount).toBeCloseTo(naive, 9);
          }
        }
      }),
    );
  });

  test("swapped windows have the opposite parts", () => {
    fc.assert(
      fc.property(windows, ({ before, after }) => {
        const there = explain({ before, after });
        const back = explain({ before: after, after: before });
        for (const change of there) {
          const other = back.find(({ currency }) => currency === change.currency);
          if (change.status === "insufficient" || other?.status !== "explained") continue;
          for (const { factor, amount } of change.parts) {
            const opposite = other.parts.find((part) => part.factor === factor)?.amount ?? Number.NaN;
            const size = Math.max(change.before.amount + change.after.amount, 1e-9);
            expect(Math.abs(amount + opposite) / size).toBeLessThan(1e-9);
          }
        }
      }),
    );
  });

  test("what is printed adds up as printed, to the last digit", () => {
    fc.assert(
      fc.property(windows, fc.boolean(), (given, fine) => {
        for (const change of explain(given)) {
          if (change.status === "insufficient") continue;
          const decimals = fine ? 9 : changeDecimals(change);
          const printed = roundChange(change, decimals);
          const units = (amount: number): number => Math.round(amount * 10 ** decimals);
          const sum = printed.parts.reduce((all, { amount }) => all + units(amount), 0);
          expect(sum).toBe(units(printed.change));
          expect(units(printed.before.amount) + sum).toBe(units(printed.after.amount));
        }
      }),
    );
  });
});
