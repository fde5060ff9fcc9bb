/** Gates versions by judges that are simulated, noise and biases included: of single answers, and of two at a time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JUDGE_TEXTS, type ScoreLine } from "@colophon/evaluation";
import { ticketCorpus } from "@colophon/simulator";
import { afterEach, describe, expect, test } from "vitest";
import { evaluate, listLedger, measureVersionNoise, registerPrompt, releaseVersion } from "../../index.ts";
import { importEvalSet } from "../eval-sets/import-eval-set.ts";
import { type EvaluationHouse, KEY, openEvaluationHouse } from "./evaluation-house.fixture.ts";
import { gateChallenger, listEvidence } from "./gate-challenger.ts";
import type { GateAnswer } from "./gate-request.ts";

let house: EvaluationHouse;
afterEach(() => house.close());

const ENVIRONMENT = "production";
const QUALITY = { guards: { cost: null, latencyP50: null, latencyP95: null, length: null } } as const;

async function importSet(name: string, cases: number, scorers: readonly object[]): Promise<void> {
  const lines = ticketCorpus(1, cases).map(({ id, ticket, label }, at) => {
    const expected = { kind: "reference", value: label };
    return JSON.stringify({ id, variables: { ticket }, expected, split: at % 6 === 0 ? "dev" : "test" });
  });
  await importEvalSet(house.harness, {
    file: { file: "judged.jsonl", format: "jsonl", text: lines.join("\n") },
    name,
    scorers: scorers.map((spec) => JSON.stringify(spec)),
    checkerOf: () => (value) => ({ value }),
  });
}

async function release(version: number): Promise<void> {
  await releaseVersion(house.harness, { key: KEY, version, environment: ENVIRONMENT, reason: "try" });
}

type Request = Parameters<typeof gateChallenger>[1];

function gate(
  version: number,
  more: Partial<Request> = {},
  parts: Partial<EvaluationHouse["parts"]> = {},
): Promise<GateAnswer> {
  const request = { key: KEY, version, set: "judged", environment: ENVIRONMENT, ...QUALITY, ...more };
  return gateChallenger(house.harness, request as Request, { ...house.parts, ...parts });
}

function linesOf(run: string | undefined): readonly ScoreLine[] {
  const file = join(house.folder, ".colophon", "runs", `${run}.jsonl`);
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ScoreLine);
}

describe("A noisy judge of single answers", () => {
  test("lets a better version ship, blocks a worse one, and does not block an equal one", async () => {
    house = await openEvaluationHouse({ cases: 30 });
    const { body: messages, input, output, untrusted } = JUDGE_TEXTS.reference.text;
    const judge = { key: "house.judge", owner: "qa", messages, input, output, untrusted };
    await registerPrompt(house.harness, {
      file: "judge.json",
      value: { ...judge, model: "gpt-5-nano", parameters: { temperature: 1 } },
    });
    await importSet("judged", 240, [{ scorer: "judge", options: { judge: "house.judge@v1" } }]);
    const same = { body: "Is this billing, bug or other?\n\n{{ticket}}" };
    await house.register("bare", "defined", "worse", same);
    await release(1);
    const margin = 0.05;
    const better = await gate(2, { margin });
    expect(better).toMatchObject({ verdict: "ship", cases: 200 });
    expect(better.lower).toBeGreaterThan(0);
    expect(better.reasons.join(" ")).toContain("house.judge@v1 is uncalibrated");
    const worse = await gate(3, { margin });
    expect(worse.verdict).toBe("block");
    expect(worse.vetoes).toEqual([]);
    const equal = await gate(4, { margin });
    expect(["ship", "inconclusive"]).toContain(equal.verdict);
    expect(Math.abs(equal.difference ?? 1)).toBeLessThan(margin);
    // Answers with nothing to choose between them get several marks: the judge is noisy indeed.
    const marks = new Set(linesOf(better.runs.at(-1)).map(({ score }) => score));
    expect(marks.size).toBeGreaterThan(2);
  }, 120_000);
});

describe("A pairwise judge", () => {
  const evasive = "I do not know what to say.";
  type Call = EvaluationHouse["parts"]["caller"]["call"];

  /** What a body says is what is answered; judges are the simulator's. */
  const scripted: Pick<EvaluationHouse["parts"], "caller"> = {
    caller: {
      call: async (request: Parameters<Call>[0]) => {
        const result = await house.parts.caller.call(request);
        if (request.text.output !== undefined || !result.ok) return result;
        const said = request.messages[0]?.content ?? "";
        const ticket = said.split("\n").at(-1) ?? "";
        const text = said.startsWith("Evade") ? evasive : `We read this in your ticket: ${ticket}`;
        return { ...result, answer: { ...result.answer, text } };
      },
    },
  };
  const [helpful, asHelpful, evading] = ["Help", "Please help", "Evade"].map((word) => ({
    body: `${word}: billing, bug or other?\n{{ticket}}`,
  })) as [{ body: string }, { body: string }, { body: string }];

  async function open(...scorers: readonly object[]): Promise<void> {
    house = await openEvaluationHouse({ cases: 30 });
    await importSet("judged", 60, scorers);
    await house.register(evading, helpful, asHelpful, { body: `${evading.body}\n{{ticket}}` });
    await release(1);
  }

  async function judgements(): Promise<number> {
    await house.harness.spools.drain();
    const rows = await listLedger(house.harness, { limit: 1_000 });
    return rows.filter(({ purpose }) => purpose === "judge").length;
  }

  test("ships what it prefers in both orders, blocks what it does not, and takes equal answers for ties", async () => {
    await open({ scorer: "pairwise" });
    const better = await gate(2, {}, scripted);
    expect(better).toMatchObject({ verdict: "ship", cases: 50, judges: ["colophon.judge.pairwise@v1"] });
    expect(better.difference).toBeGreaterThan(0.8);
    expect(better.reasons.join(" ")).toContain("colophon.judge.pairwise@v1 is uncalibrated");
    const [baseline, challenger] = better.runs.map(linesOf);
    for (const [at, line] of (baseline ?? []).entries()) {
      expect((line.score ?? Number.NaN) + (challenger?.[at]?.score ?? Number.NaN)).toBe(1);
    }
    // Once in each order for each case, but for tickets that are there twice.
    const asked = await judgements();
    expect(asked).toBeGreaterThan(90);
    expect(asked).toBeLessThanOrEqual(100);
    await release(2);
    const worse = await gate(1, {}, scripted);
    expect(worse).toMatchObject({ verdict: "block", baseline: "v2" });
    const equal = await gate(3, { margin: 0.1 }, scripted);
    expect(equal).toMatchObject({ verdict: "ship", difference: 0 });
    // What was said of these two answers is kept, and nobody is asked about the same answer twice.
    expect(await judgements()).toBe(asked);
  }, 60_000);

  test("holds a challenger against the anchor in pairs of its own", async () => {
    await open({ scorer: "pairwise" });
    await release(2);
    expect(await gate(3, { margin: 0.1 }, scripted)).toMatchObject({ verdict: "ship", baseline: "v2" });
    await release(3);
    const answer = await gate(1, { margin: 0.1 }, scripted);
    expect(answer).toMatchObject({ verdict: "block", baseline: "v3", anchorVersion: "v2" });
    expect(answer.anchor?.difference).toBeLessThan(-0.8);
    const [evidence] = (await listEvidence(house.harness, KEY)).slice(-1);
    expect(evidence?.anchorDifference?.value).toBe(answer.anchor?.difference);
    const own = linesOf(answer.runs.at(-1));
    expect(own.every(({ towardsAnchor }) => typeof towardsAnchor === "number")).toBe(true);
  }, 60_000);

  test("sees no difference between a version and itself", async () => {
    await open({ scorer: "pairwise" });
    const about = { key: KEY, version: 2, set: "judged", environment: ENVIRONMENT } as const;
    const { noise } = await measureVersionNoise(house.harness, about, { ...house.parts, ...scripted });
    expect(noise).toMatchObject({ biased: false, moved: 0 });
  });

  test("goes on after its budget ended, and pays for no judgement twice", async () => {
    await open({ scorer: "pairwise" });
    const budget = { money: null, tokens: 30_000, milliseconds: null };
    const cut = await gate(2, { budget, concurrency: 2 }, scripted);
    expect(cut.end.kind).toBe("budget");
    const whole = await gate(2, {}, scripted);
    expect(whole).toMatchObject({ verdict: "ship", cases: 50, end: { kind: "complete" } });
    expect(await judgements()).toBeLessThanOrEqual(100);
    const spent = cut.progress?.spent;
    expect((spent?.inputTokens ?? 0) + (spent?.outputTokens ?? 0)).toBeLessThanOrEqual(30_000);
  }, 60_000);

  test("says nothing of a version alone, and that it does", async () => {
    await open({ scorer: "pairwise" }, { scorer: "length", options: { min: 1 } });
    const about = { key: KEY, version: 2, environment: ENVIRONMENT } as const;
    const alone = await evaluate(house.harness, { ...about, set: "judged" }, house.parts);
    expect(Object.keys(alone.scores).sort()).toEqual(["length", "score"]);
    expect(alone.errors).toBe(0);
    expect(alone.notes.join(" ")).toContain("it compares two versions, and this run has one");
    await importSet("pairs", 30, [{ scorer: "pairwise" }]);
    await expect(evaluate(house.harness, { ...about, set: "pairs" }, house.parts)).rejects.toThrow(
      /pairs@v1 cannot be scored: the set: Its one scorer, "pairwise"/,
    );
  });
});
