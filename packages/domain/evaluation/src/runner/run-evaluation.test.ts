/** Tests of runs: pairs, order, resuming, the end of a budget, errors. */
import { HarnessError } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimateRun } from "./estimate-run.ts";
import { runEvaluation } from "./run-evaluation.ts";
import { type Contender, NO_BUDGET, type RunPlan } from "./run-plan.ts";
import type { CaseScorer } from "./run-ports.ts";
import {
  aContender,
  answered,
  failed,
  MemoryCache,
  MemoryJournal,
  openRunWorld,
  PRICES,
  type RunWorld,
  type Script,
  someCases,
} from "./run-world.fixture.ts";

const yes: CaseScorer = { score: ({ input }) => ({ score: input.text === "yes" ? 1 : 0 }) };

function plan(more: Partial<RunPlan> = {}): RunPlan {
  const contenders = [aContender("baseline", "old"), aContender("challenger", "new")];
  const cases = someCases(6);
  return { contenders, cases, count: cases.length, repeats: 2, seed: "s", workers: 4, ...more };
}

function run(world: RunWorld, journal: MemoryJournal, more: Partial<RunPlan> = {}) {
  const { calls, clock } = world;
  return runEvaluation(plan(more), { calls, scorer: yes, journal, elapsed: () => clock.elapsed() });
}

describe("A run", () => {
  test("has a line of every side for each repeat of each case, and asks each side first about as often", async () => {
    const world = openRunWorld(() => answered("yes"));
    const journal = new MemoryJournal();
    const { end, progress } = await run(world, journal, { cases: someCases(100), count: 100, workers: 1 });
    expect(end).toEqual({ kind: "complete" });
    expect(progress).toMatchObject({ done: 200, planned: 200, errors: 0 });
    expect(journal.groups).toHaveLength(200);
    for (const { lines } of journal.groups) {
      expect(Object.keys(lines).sort()).toEqual(["baseline", "challenger"]);
      expect(lines.challenger).toMatchObject({ score: 1, guards: { length: 3, refused: false } });
    }
    const first = world.sent.filter((_, at) => at % 2 === 0).filter((text) => text.startsWith("old"));
    expect(first.length).toBeGreaterThan(60);
    expect(first.length).toBeLessThan(140);
  });

  test("asks about repeats anew, and about the same question of two sides once", async () => {
    const world = openRunWorld(() => answered("yes"));
    const same = [aContender("baseline", "same"), aContender("challenger", "same")];
    await run(world, new MemoryJournal(), { contenders: same });
    expect(world.sent).toHaveLength(12);
    const [first, second] = same as [Contender, Contender];
    await run(world, new MemoryJournal(), { contenders: [first, { ...second, drawOffset: 2 }] });
    expect(world.sent).toHaveLength(24);
  });

  test("goes on where it was, and pays for nothing twice", async () => {
    const kept = new MemoryCache();
    const journal = new MemoryJournal();
    const first = openRunWorld(
      (_, call) => {
        if (call === 9) first.calls.stop();
        return answered("yes");
      },
      { kept },
    );
    const stopped = await run(first, journal);
    expect(stopped.end).toEqual({ kind: "stopped" });
    expect(journal.groups.length).toBeLessThan(12);
    const second = openRunWorld(() => answered("yes"), { kept });
    const whole = await run(second, journal);
    expect(whole).toMatchObject({ end: { kind: "complete" }, progress: { done: 12, planned: 12 } });
    expect(whole.resumed).toBe(12 - (journal.groups.length - whole.resumed));
    expect(first.sent.length + second.sent.length).toBe(24);
    expect(new Set(journal.groups.map((group) => `${group.case} ${group.repeat}`)).size).toBe(12);
  });

  test("keeps an answer that failed as an error, never as a score", async () => {
    const broken: Script = ({ messages }) =>
      messages[0]?.content === "new t3" ? failed({ reach: "lasting" }) : answered("yes");
    const journal = new MemoryJournal();
    const { progress } = await run(openRunWorld(broken), journal);
    const lines = journal.groups.flatMap((group) => (group.lines.challenger ? [group.lines.challenger] : []));
    expect(lines.filter(({ score }) => score === null)).toEqual([
      { case: "case-3", cluster: null, repeat: 0, score: null, error: "The model failed.", slice: [] },
      { case: "case-3", cluster: null, repeat: 1, score: null, error: "The model failed.", slice: [] },
    ]);
    expect(progress.errors).toBe(2);
  });

  test("ends at once when no call would come through, and says why", async () => {
    const world = openRunWorld(() => failed({ kind: "barred", reach: "barring", message: "No credit." }));
    const journal = new MemoryJournal();
    expect((await run(world, journal)).end).toEqual({ kind: "barred", why: "No credit." });
    expect(world.sent.length).toBeLessThanOrEqual(8);
    expect(journal.groups).toEqual([]);
  });

  test("drops a group whose judge was cut off by the end of the run", async () => {
    const world = openRunWorld(() => answered("yes"));
    const journal = new MemoryJournal();
    const scorer: CaseScorer = {
      async score({ evalCase: { id } }) {
        if (id !== "case-2") return { score: 1 };
        world.calls.stop();
        return { score: null, error: "judge: The run ended." };
      },
    };
    const { calls, clock } = world;
    await runEvaluation(plan({ workers: 1 }), { calls, scorer, journal, elapsed: () => clock.elapsed() });
    expect(journal.groups.map((group) => group.case)).toEqual(["case-0", "case-0", "case-1", "case-1"]);
  });

  test("hands on what a case or a caller throws, and begins nothing more", async () => {
    const bad = aContender("challenger", "new", {
      render: () => {
        throw new HarnessError("variable-missing", "There is no ticket.");
      },
    });
    await expect(
      run(
        openRunWorld(() => answered("yes")),
        new MemoryJournal(),
        { contenders: [bad] },
      ),
    ).rejects.toThrow("There is no ticket.");
    await expect(
      run(
        openRunWorld(() => answered("yes")),
        new MemoryJournal(),
        { repeats: 0 },
      ),
    ).rejects.toThrow(expect.objectContaining({ code: "usage" }));
  });

  test("holds no more cases than it works on", async () => {
    let [taken, done, most] = [0, 0, 0];
    async function* cases() {
      for (const one of someCases(200)) {
        taken += 1;
        most = Math.max(most, taken - done);
        yield one;
      }
    }
    const world = openRunWorld(() => answered("yes"));
    const journal = new MemoryJournal();
    const append = journal.append.bind(journal);
    journal.append = (group) => {
      done += 1;
      append(group);
    };
    await run(world, journal, { cases: cases(), count: null, repeats: 1, workers: 4 });
    expect(done).toBe(200);
    expect(most).toBeLessThanOrEqual(5);
  });
});

describe("A budget", () => {
  const limited = [
    aContender("baseline", "old", { limit: 20 }),
    aContender("challenger", "new", { limit: 20 }),
  ];

  test("ends a run before it is overshot, with whole pairs alone", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 40, noNaN: true }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 8, maxLength: 8 }),
        async (amount, workers, lengths) => {
          const world = openRunWorld(
            (_, call) => answered("yes", { input: 8, output: lengths[call % 8] ?? 1 }),
            { budget: { ...NO_BUDGET, money: { amount, currency: "USD" } } },
          );
          const journal = new MemoryJournal();
          const { end, progress } = await run(world, journal, {
            contenders: limited,
            cases: someCases(10),
            count: 10,
            workers,
          });
          const spent = progress.spent.money[0]?.amount ?? 0;
          expect(spent).toBeLessThanOrEqual(amount + 1e-9);
          for (const { lines } of journal.groups) expect(Object.keys(lines)).toHaveLength(2);
          if (end.kind === "complete") expect(journal.groups).toHaveLength(20);
          else expect(end).toMatchObject({ kind: "budget", limit: "money" });
        },
      ),
      { numRuns: 60 },
    );
  });

  test("in tokens and in time ends a run as well", async () => {
    const tokens = openRunWorld(() => answered("yes"), { budget: { ...NO_BUDGET, tokens: 200 } });
    const byTokens = await run(tokens, new MemoryJournal(), { contenders: limited });
    expect(byTokens.end).toMatchObject({ kind: "budget", limit: "tokens" });
    expect(byTokens.progress.spent.inputTokens + byTokens.progress.spent.outputTokens).toBeLessThanOrEqual(
      200,
    );
    const timed = openRunWorld(
      () => {
        timed.clock.advance(100);
        return answered("yes");
      },
      { budget: { ...NO_BUDGET, milliseconds: 450 } },
    );
    const byTime = await run(timed, new MemoryJournal(), { workers: 1 });
    expect(byTime.end).toMatchObject({ kind: "budget", limit: "time" });
    expect(timed.sent.length).toBeLessThan(8);
  });

  test("lets kept answers through when it is at its end", async () => {
    const kept = new MemoryCache();
    await run(
      openRunWorld(() => answered("yes"), { kept }),
      new MemoryJournal(),
    );
    const budget = { ...NO_BUDGET, money: { amount: 0.000001, currency: "USD" } };
    const free = openRunWorld(() => answered("yes"), { kept, budget });
    const journal = new MemoryJournal();
    expect((await run(free, journal)).end).toEqual({ kind: "complete" });
    expect(free.sent).toEqual([]);
    expect(journal.groups).toHaveLength(12);
  });

  test("that cannot be kept is refused before anything is sent", async () => {
    const budget = { ...NO_BUDGET, money: { amount: 5, currency: "EUR" } };
    const world = openRunWorld(() => answered("yes"), { budget });
    await expect(
      estimateRun(plan(), { calls: world.calls, journal: new MemoryJournal(), prices: PRICES }),
    ).rejects.toThrow(expect.objectContaining({ code: "usage", message: expect.stringContaining("USD") }));
    expect(world.sent).toEqual([]);
  });
});

describe("An estimate", () => {
  test("counts what is to be paid for, what is kept and what is finished", async () => {
    const kept = new MemoryCache();
    const journal = new MemoryJournal();
    const before = openRunWorld(() => answered("yes"), { kept });
    await run(before, journal, { cases: someCases(2) });
    journal.groups.splice(1);
    const world = openRunWorld(() => answered("yes"), { kept });
    const parts = { calls: world.calls, journal, prices: PRICES };
    expect(await estimateRun(plan(), parts)).toMatchObject({
      calls: 16,
      kept: 6,
      finished: 1,
      outputTokens: null,
      money: null,
    });
    const contenders = [aContender("challenger", "new", { limit: 20 })];
    expect(await estimateRun(plan({ contenders }), parts)).toMatchObject({
      calls: 11,
      outputTokens: 220,
      money: [{ currency: "USD", amount: expect.closeTo(22 + 0.01 * 22) }],
      unpriced: 0,
    });
    expect(world.sent).toEqual([]);
  });
});

describe("A run whose scorer compares", () => {
  /** The challenger's score in a pair, by the words of both answers. */
  const better: CaseScorer = {
    compares: true,
    score({ input: { pair } }) {
      if (pair === undefined) return { score: null, error: "alone" };
      const { challenger, opponent } = pair.answers;
      if (challenger === null || opponent === null) return { score: pair.as === "opponent" ? 1 : null };
      const value = Number(challenger.text === "yes") - Number(opponent.text === "yes");
      const own = (value + 1) / 2;
      return { score: pair.as === "challenger" ? own : 1 - own };
    },
  };

  test("holds the challenger against the baseline and the anchor, each in a pair of their own", async () => {
    // The challenger is better than the baseline and as good as the anchor.
    const world = openRunWorld(({ messages }) =>
      answered(messages[0]?.content.startsWith("old") === true ? "no" : "yes"),
    );
    const contenders = [
      aContender("baseline", "old"),
      aContender("anchor", "best"),
      aContender("challenger", "new"),
    ];
    const journal = new MemoryJournal();
    const { calls, clock } = world;
    const ports = { calls, scorer: better, journal, elapsed: () => clock.elapsed() };
    await runEvaluation(plan({ contenders }), ports);
    for (const { lines } of journal.groups) {
      const { baseline, anchor, challenger } = lines;
      expect([baseline?.score, challenger?.score]).toEqual([0, 1]);
      expect([anchor?.score, challenger?.towardsAnchor]).toEqual([0.5, 0.5]);
      expect(baseline).not.toHaveProperty("towardsAnchor");
      // The paired difference is twice what the challenger's score lies above a half.
      expect((challenger?.score ?? 0) - (baseline?.score ?? 0)).toBe(2 * ((challenger?.score ?? 0) - 0.5));
    }
  });

  test("tells the scorer where an answer is missing", async () => {
    const world = openRunWorld(({ messages }) =>
      messages[0]?.content.startsWith("new") === true ? failed({ reach: "lasting" }) : answered("yes"),
    );
    const journal = new MemoryJournal();
    const { calls, clock } = world;
    await runEvaluation(plan(), { calls, scorer: better, journal, elapsed: () => clock.elapsed() });
    const lines = journal.groups[0]?.lines;
    expect(lines?.challenger?.score).toBeNull();
    expect(lines?.baseline?.score).toBe(1);
  });
});
