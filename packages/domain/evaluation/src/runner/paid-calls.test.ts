/** Tests of the one way to a model: cache, retries, pace, records, what a try may have cost. */
import { describe, expect, test } from "vitest";
import { callOf } from "./run-evaluation.ts";
import { NO_BUDGET } from "./run-plan.ts";
import { aContender, answered, failed, openRunWorld, type RunWorld, someCases } from "./run-world.fixture.ts";

const [evalCase] = someCases(1);

function ask(world: RunWorld, body = "new", draw = 0) {
  const contender = aContender("challenger", body, { limit: 20 });
  return world.calls.callAll([callOf(contender, evalCase as NonNullable<typeof evalCase>, draw)]);
}

describe("A call", () => {
  test("is paid for once, also by those who ask at the same time", async () => {
    const world = openRunWorld(() => answered("yes"));
    const all = await Promise.all([ask(world), ask(world), ask(world)]);
    expect(all.map(([result]) => result?.kind)).toEqual(["answered", "answered", "answered"]);
    expect(await ask(world)).toMatchObject([{ cached: true, execution: "execution-1" }]);
    expect(world.sent).toHaveLength(1);
    expect(world.calls.spent).toMatchObject({ calls: 1, cached: 1 });
  });

  test.each([
    ["another draw", { body: "new", draw: 1 }],
    ["another text", { body: "other", draw: 0 }],
  ])("is asked anew for %s", async (_, { body, draw }) => {
    const world = openRunWorld(() => answered("yes"));
    await ask(world);
    await ask(world, body, draw);
    expect(world.sent).toHaveLength(2);
  });

  test("is asked anew at another address", async () => {
    const world = openRunWorld(() => answered("yes"));
    await ask(world);
    const elsewhere = openRunWorld(() => answered("yes"), {
      kept: world.cache,
      endpointOf: () => "https://other.example",
    });
    await ask(elsewhere);
    expect(elsewhere.sent).toHaveLength(1);
  });

  test("is tried again after a failure that passes, waits as it is asked to, and records every try", async () => {
    const world = openRunWorld((_, call) => {
      if (call === 1) return failed({ kind: "rate-limit", status: 429, retryAfter: 7_000 });
      return call === 2 ? failed() : answered("yes");
    });
    expect(await ask(world)).toMatchObject([{ kind: "answered", execution: "execution-3" }]);
    expect(world.tried.map(({ attempt, purpose, result }) => [attempt, purpose, result.ok])).toEqual([
      [1, "eval", false],
      [2, "eval", false],
      [3, "eval", true],
    ]);
    expect(world.slept).toContain(7_000);
    // The second failure names no time: a second with half of it drawn by chance.
    expect(world.slept.at(-1)).toBe(750);
    expect(world.calls.spent.retries).toBe(2);
  });

  test("is given up after its tries, and sooner after a failure that lasts", async () => {
    const passing = openRunWorld(() => failed());
    expect(await ask(passing)).toEqual([{ kind: "failed", error: "The model failed." }]);
    expect(passing.sent).toHaveLength(3);
    const lasting = openRunWorld(() => failed({ reach: "lasting" }));
    await ask(lasting);
    expect(lasting.sent).toHaveLength(1);
  });

  test("bears more of being asked to wait than of failing", async () => {
    const world = openRunWorld((_, call) =>
      call <= 8 ? failed({ kind: "rate-limit", status: 429, retryAfter: 100 }) : answered("yes"),
    );
    expect(await ask(world)).toMatchObject([{ kind: "answered" }]);
  });

  test("is not waited for longer than a person would", async () => {
    const world = openRunWorld(() => failed({ kind: "rate-limit", status: 429, retryAfter: 3_600_000 }));
    expect(await ask(world)).toMatchObject([{ kind: "left", why: { kind: "barred" } }]);
    expect(world.calls.ended).toMatchObject({ why: "The provider asks to wait 3600 s." });
  });

  test("that broke off counts as if it had been charged in full", async () => {
    // The bound of this request: its bytes and 32 tokens of messages as input, 20 tokens of output.
    const most = 0.01 * (6 + "[[],null]".length + 32) + 0.1 * 20;
    const world = openRunWorld((_, call) => (call === 1 ? failed({ kind: "cut" }) : answered("yes")), {
      budget: { ...NO_BUDGET, money: { amount: 2 * most - 0.01, currency: "USD" } },
    });
    expect(await ask(world)).toMatchObject([{ kind: "left", why: { kind: "budget", limit: "money" } }]);
    expect(world.sent).toHaveLength(1);
  });

  test("that nobody counted the tokens of costs an unknown sum, not nothing", async () => {
    const silent = answered("yes");
    if (!silent.ok) throw new Error("It is an answer.");
    const tokens = { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null };
    const world = openRunWorld(() => ({ ok: true, answer: { ...silent.answer, tokens } }));
    expect(await ask(world)).toMatchObject([{ cost: null }]);
    expect(world.calls.spent).toMatchObject({ unpriced: 1, money: [] });
  });
});

describe("Calls asked for together", () => {
  test("are all made or none", async () => {
    const world = openRunWorld(() => answered("yes"), {
      budget: { ...NO_BUDGET, tokens: 100 },
    });
    const calls = ["one", "two"].map((body) =>
      callOf(aContender("challenger", body, { limit: 20 }), evalCase as NonNullable<typeof evalCase>, 0),
    );
    const results = await world.calls.callAll(calls);
    expect(results.map(({ kind }) => kind)).toEqual(["left", "left"]);
    expect(world.sent).toEqual([]);
  });
});
