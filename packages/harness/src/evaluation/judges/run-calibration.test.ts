/** Tests of calibration end to end: a simulated judge over HTTP, a store on disk, labels of people. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JUDGE_TEXTS, judgeStanding, type RunBudget } from "@colophon/evaluation";
import { buildText, errorCodeOf, systemClock } from "@colophon/kernel";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { anActor } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Harness, listLedger, openHarness, registerPrompt } from "../../index.ts";
import { openModels } from "../models/open-models.ts";
import { judgeStandings, listJudges } from "./list-judges.ts";
import { readLabelledAnswers, readUnlabelledAnswers } from "./read-judged-answers.ts";
import { type CalibrationRequest, runCalibration } from "./run-calibration.ts";

const { reference, rubric, pairwise } = JUDGE_TEXTS;

let folder = "";
let harness: Harness;
let simulator: RunningSimulator;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-judges-"));
  simulator = await startSimulator({ latencyMs: 0 });
  harness = await openHarness({ cwd: folder, mode: "write", actor: anActor() });
});
afterEach(async () => {
  await harness.close();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A good answer says what the reference says, a bad one speaks of something else. */
function answers(
  count: number,
  shareGood: number,
): readonly { readonly label: boolean; readonly line: object }[] {
  const places = ["Lisbon", "Nairobi", "Kyoto", "Quito", "Tallinn", "Perth", "Dakar", "Bergen"];
  return Array.from({ length: count }, (_, at) => {
    const place = places[at % places.length];
    const label = at < count * shareGood;
    const good = `The parcel number ${at} was delivered in ${place} yesterday morning by courier.`;
    const bad = "Our opening hours are posted on the website, kindly have a look there.";
    return {
      label,
      line: {
        question: `Where is parcel number ${at}?`,
        reference: `Parcel number ${at} was delivered in ${place} yesterday morning by courier.`,
        answer: label ? good : bad,
      },
    };
  });
}

function labelled(count: number, shareGood = 0.5): CalibrationRequest["labelled"] {
  const text = answers(count, shareGood)
    .map(({ label, line }) => JSON.stringify({ ...line, label }))
    .join("\n");
  return readLabelledAnswers({ file: "labels.jsonl", text });
}

function calibrate(more: Partial<CalibrationRequest> = {}) {
  const models = openModels({ clock: systemClock, baseUrls: { openai: simulator.baseUrl } });
  const request = { judge: reference.key, labelled: labelled(40), environment: "development", ...more };
  return runCalibration(harness, request, {
    ...models,
    onNotice: () => undefined,
    sleep: async () => undefined,
  });
}

describe("Calibrating a judge", () => {
  test("measures it, records it, and leaves a row for each call with purpose judge", async () => {
    const report = await calibrate();
    expect(report).toMatchObject({
      judge: `${reference.key}@v1`,
      hash: reference.hash,
      labels: 40,
      errors: 0,
    });
    expect(report).toMatchObject({ agrees: true, recorded: true, end: { kind: "complete" }, rates: null });
    expect(report.kappa?.value).toBeGreaterThan(0.6);
    const { rows } = await listLedgerRows();
    expect(rows).toHaveLength(40);
    expect(new Set(rows.map(({ purpose, prompt, version }) => `${purpose} ${prompt} ${version}`))).toEqual(
      new Set([`judge ${reference.key} 1`]),
    );
    const [record] = await harness.records.listRecords({ kinds: ["calibration"] });
    expect(record?.data).toMatchObject({
      judge: reference.key,
      version: 1,
      hash: reference.hash,
      labels: 40,
      threshold: 0.5,
    });
    expect(await judgeStandings(harness, [reference])).toMatchObject([{ state: "agrees" }]);
  });

  test("pays for no answer twice, and makes the judge no second version", async () => {
    await calibrate();
    const served = simulator.served().length;
    expect(await calibrate({ threshold: 0.9 })).toMatchObject({
      judge: `${reference.key}@v1`,
      recorded: true,
    });
    expect(simulator.served()).toHaveLength(served);
    expect(await harness.records.listRecords({ kinds: ["version"] })).toHaveLength(1);
  });

  test("corrects what the judge says of answers without a label", async () => {
    const text = answers(60, 0.7)
      .map(({ line }) => JSON.stringify(line))
      .join("\n");
    const { rates } = await calibrate({ unlabelled: readUnlabelledAnswers({ file: "answers.jsonl", text }) });
    expect(rates?.judged.samples).toBe(60);
    expect(rates?.roganGladen?.lower).toBeLessThan(0.7);
    expect(rates?.roganGladen?.upper).toBeGreaterThan(0.7);
  });

  test("keeps a failing judge out of the figures", async () => {
    simulator.failNext("500;times=6");
    const { errors, labels, failures, truePositiveRate } = await calibrate({
      labelled: labelled(4),
      concurrency: 1,
    });
    expect({ labels, errors }).toEqual({ labels: 3, errors: 1 });
    expect(truePositiveRate?.samples).toBe(1);
    expect(failures).toEqual([
      { line: 1, error: expect.stringContaining(`The judge ${reference.key} gave no answer`) },
    ]);
  });

  test("outlasts a storm of 429s", async () => {
    await simulator.close();
    simulator = await startSimulator({ latencyMs: 0, faults: { rate429: 0.4, retryAfterSeconds: 0 } });
    expect(await calibrate({ labelled: labelled(20) })).toMatchObject({
      labels: 20,
      errors: 0,
      recorded: true,
    });
  });

  test("records nothing when the budget ends midway", async () => {
    const budget: RunBudget = { money: null, tokens: 4_000, milliseconds: null };
    const report = await calibrate({ budget });
    expect(report).toMatchObject({ recorded: false, end: { kind: "budget" } });
    expect(await harness.records.listRecords({ kinds: ["calibration"] })).toEqual([]);
  });

  test("takes a version of one's own, and its rubric from the request", async () => {
    const text = buildText({
      body: "Judge whether the answer meets the criteria.\nCriteria: {{rubric}}\nAnswer:\n{{answer}}",
      model: "gpt-5",
      input: {
        type: "object",
        properties: { rubric: { type: "string" }, answer: { type: "string" } },
        required: ["rubric", "answer"],
      },
      untrusted: ["answer"],
      output: {
        type: "object",
        properties: { pass: { type: "boolean" } },
        required: ["pass"],
        additionalProperties: false,
      },
    });
    const { body, input, output, untrusted } = text;
    const value = { key: "house.judge", owner: "support", model: "gpt-5", body, input, output, untrusted };
    await registerPrompt(harness, { file: "judge.yaml", value });
    const report = await calibrate({ judge: "house.judge@v1", rubric: "names the parcel and the place" });
    expect(report).toMatchObject({ judge: "house.judge@v1", model: { id: "gpt-5" }, errors: 0 });
    expect((await listJudges(harness)).map(({ judge }) => judge)).toContain("house.judge@v1");
  });

  test("of two answers is held against which of them people found better, asked in both orders", async () => {
    const worse = "Our opening hours are posted on the website, kindly have a look there.";
    const lines = answers(40, 1).map(({ line }, at) => {
      const { question, answer } = line as { question: string; answer: string };
      const isFirst = at % 2 === 0;
      const pair = isFirst ? { answerA: answer, answerB: worse } : { answerA: worse, answerB: answer };
      return JSON.stringify({ question, ...pair, label: isFirst ? "A" : "B" });
    });
    const own = readLabelledAnswers({ file: "pairs.jsonl", text: lines.join("\n") });
    const report = await calibrate({ judge: pairwise.key, labelled: own });
    expect(report).toMatchObject({ judge: `${pairwise.key}@v1`, labels: 40, errors: 0, recorded: true });
    expect(report.agrees).toBe(true);
    expect(simulator.served()).toHaveLength(80);
    const [standing] = await judgeStandings(harness, [{ ...pairwise, version: 1 }]);
    expect(standing?.state).toBe("agrees");
  });

  test("of two answers takes a tie for a miss, whichever people preferred", async () => {
    const same = (label: string) => ({ question: "Why?", answerA: "So.", answerB: "So.", label });
    const text = ["A", "B"].map((label) => JSON.stringify(same(label))).join("\n");
    const own = readLabelledAnswers({ file: "pairs.jsonl", text });
    const { disagreements } = await calibrate({ judge: pairwise.key, labelled: own });
    expect(disagreements.map(({ label, score }) => [label, score])).toEqual([
      [true, 0],
      [false, 1],
    ]);
  });

  test.each([
    [{ answerA: "x", label: "A" }, /line 1: it has one answer of two/],
    [{ answerA: "x", answerB: "y", label: true }, /"label" is true; give "A" or "B"/],
    [{ answer: "x", label: "A" }, /"label" is "A"; give true or false/],
  ])("refuses the labels %j", (line, sentence) => {
    const read = () => readLabelledAnswers({ file: "pairs.jsonl", text: JSON.stringify(line) });
    expect(read).toThrow(sentence);
  });

  test.each([
    [pairwise.key, "usage"],
    ["own.judge", "usage"],
    ["own.judge@v1", "key-unknown"],
    [`${rubric.key}@v7`, "key-unknown"],
  ])("refuses %s, which grades nothing, with %s", async (judge, code) => {
    const error = await calibrate({ judge }).catch((thrown: unknown) => thrown);
    expect(errorCodeOf(error)).toBe(code);
  });

  async function listLedgerRows() {
    const rows = await listLedger(harness, { limit: 100 });
    return { rows };
  }
});

describe("Judges", () => {
  test("are listed with what is known of them", async () => {
    const rows = await listJudges(harness);
    expect(rows.map(({ state, form }) => [state, form])).toEqual([
      ["uncalibrated", "score"],
      ["uncalibrated", "score"],
      ["uncalibrated", "preference"],
    ]);
    expect(judgeStanding(rubric, []).sentence).toContain("colophon judge calibrate");
  });
});

describe("Files of answers", () => {
  test("are read with labels in several words, and variables as a question", () => {
    const text = [
      '{"text":"a","label":"pass","variables":{"q":"why"}}',
      "",
      '{"answer":"b","label":0,"rubric":"r"}',
    ].join("\n");
    expect(readLabelledAnswers({ file: "l", text })).toEqual([
      { line: 1, label: true, material: { answer: "a", question: "why" } },
      { line: 3, label: false, material: { answer: "b", question: "", rubric: "r" } },
    ]);
  });

  test("are refused as a whole with every bad line", () => {
    const text = [
      '{"answer":"a"}',
      "{",
      "[]",
      '{"label":true}',
      '{"answer":"a","label":"good","lable":1}',
      '{"answer":3,"label":1}',
    ].join("\n");
    const read = (): unknown => readLabelledAnswers({ file: "labels.jsonl", text });
    expect(read).toThrowError(expect.objectContaining({ code: "input-malformed" }));
    for (const part of [
      'line 1: "label" is missing',
      "line 2: it is no JSON",
      "line 3: it is no object",
      "line 4: it has no answer",
      'line 5: "lable" is no field here; did you mean "label"?',
      'line 5: "label" is "good"',
      'line 6: "answer" is no text',
    ])
      expect(read).toThrowError(part);
    expect(() => readUnlabelledAnswers({ file: "x", text: "\n" })).toThrowError("it: has no answer");
    expect(() => readUnlabelledAnswers({ file: "x", text: '{"answer":"a","label":true}' })).toThrowError(
      '"label" is no field',
    );
  });
});
