/** Tests of calibration: figures known by hand, and what labels cannot tell. */
import type { CalibrationData } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { calibrateJudge, type LabelledScore } from "./calibrate-judge.ts";
import { judgeStanding } from "./judge-standing.ts";
import { JUDGE_TEXTS } from "./judge-texts.ts";

function said(label: boolean, score: number | null, times: number): readonly LabelledScore[] {
  return Array.from({ length: times }, () => ({ label, score }));
}

/** 40 of 50 good ones passed, 45 of 50 bad ones failed. */
const GOOD_JUDGE = [
  ...said(true, 1, 40),
  ...said(true, 0.25, 10),
  ...said(false, 0, 45),
  ...said(false, 0.75, 5),
];

describe("A calibration", () => {
  test("has kappa and the rates of right verdicts, with their intervals", () => {
    const found = calibrateJudge({ labelled: GOOD_JUDGE });
    expect(found).toMatchObject({
      labels: 100,
      errors: 0,
      kappa: { value: expect.closeTo(0.7, 9), samples: 100 },
      truePositiveRate: {
        value: 0.8,
        samples: 50,
        lower: expect.closeTo(0.67, 2),
        upper: expect.closeTo(0.888, 2),
      },
      trueNegativeRate: { value: 0.9, samples: 50 },
      labelled: { value: 0.5 },
      rates: null,
      agrees: true,
    });
    expect(found.kappa?.lower).toBeCloseTo(0.55, 2);
    expect(found.kappa?.upper).toBeCloseTo(0.83, 2);
  });

  test("counts a failed judgement as an error and never as a verdict", () => {
    const found = calibrateJudge({ labelled: [...GOOD_JUDGE, ...said(true, null, 30)] });
    expect(found).toMatchObject({ labels: 100, errors: 30, truePositiveRate: { value: 0.8, samples: 50 } });
  });

  test("goes by the threshold", () => {
    const labelled = [...said(true, 0.5, 10), ...said(false, 0.5, 10)];
    expect(calibrateJudge({ labelled }).trueNegativeRate?.value).toBe(0);
    expect(calibrateJudge({ labelled, threshold: 0.6 }).trueNegativeRate?.value).toBe(1);
  });

  test("says what it does not know: labels of one kind, none, or a judge that always says the same", () => {
    const oneKind = calibrateJudge({ labelled: said(true, 1, 20), unlabelled: [1, 0] });
    expect(oneKind).toMatchObject({ kappa: null, trueNegativeRate: null, agrees: false });
    expect(oneKind.rates?.roganGladen).toBeNull();
    expect(calibrateJudge({ labelled: [] })).toMatchObject({
      kappa: null,
      labelled: null,
      labels: 0,
      agrees: false,
    });
    expect(calibrateJudge({ labelled: said(true, null, 5) })).toMatchObject({
      labels: 0,
      errors: 5,
      kappa: null,
    });
    const constant = calibrateJudge({ labelled: [...said(true, 1, 10), ...said(false, 1, 10)] });
    expect(constant).toMatchObject({ kappa: { value: 0 }, agrees: false });
  });

  test("does not take a few right verdicts for agreement", () => {
    const both = (times: number) => [...said(true, 1, times), ...said(false, 0, times)];
    expect(calibrateJudge({ labelled: both(2) })).toMatchObject({ kappa: { value: 1 }, agrees: false });
    expect(calibrateJudge({ labelled: both(10) }).agrees).toBe(true);
  });

  test("corrects the rate of answers without a label by how often the judge is right", () => {
    // 60 % of the judged passed: (0.6 + 0.9 - 1) / (0.8 + 0.9 - 1) are good.
    const unlabelled = [
      ...Array.from({ length: 600 }, () => 1),
      ...Array.from({ length: 400 }, () => 0),
      null,
    ];
    const { rates } = calibrateJudge({ labelled: GOOD_JUDGE, unlabelled });
    expect(rates?.judged).toMatchObject({ value: 0.6, samples: 1000 });
    expect(rates?.roganGladen?.value).toBeCloseTo(0.5 / 0.7, 9);
  });

  test("knows the rate better from labels and judge together than from labels alone", () => {
    // Twenty times the answers of the labelled kind.
    const unlabelled = Array.from({ length: 20 }, () => GOOD_JUDGE.map(({ score }) => score)).flat();
    const { rates, labelled } = calibrateJudge({ labelled: GOOD_JUDGE, unlabelled });
    const { value = 0, lower, upper } = rates?.powered ?? {};
    expect(value).toBeCloseTo(0.5, 9);
    const width = (upper ?? 1) - (lower ?? 0);
    expect(width).toBeLessThan(0.85 * ((labelled?.upper ?? 0) - (labelled?.lower ?? 0)));
  });

  test("has no Rogan-Gladen rate of a judge that is wrong more often than right", () => {
    const labelled = [...said(true, 0, 30), ...said(false, 1, 30)];
    const { rates, agrees } = calibrateJudge({ labelled, unlabelled: [1, 1, 0] });
    expect(rates?.roganGladen).toBeNull();
    expect(agrees).toBe(false);
  });
});

describe("The standing of a judge", () => {
  const { rubric } = JUDGE_TEXTS;
  const record = (more: Partial<CalibrationData>): CalibrationData => ({
    judge: rubric.key,
    version: null,
    hash: rubric.hash,
    labelsHash: "0".repeat(64),
    ...calibrateJudge({ labelled: GOOD_JUDGE }),
    ...more,
  });

  test("is uncalibrated without a record of this very text", () => {
    expect(judgeStanding(rubric, [])).toMatchObject({ state: "uncalibrated", calibration: null });
    const other = judgeStanding(rubric, [record({ hash: "f".repeat(64) })]);
    expect(other.state).toBe("uncalibrated");
    expect(other.sentence).toContain("other texts of it are calibrated, this one is not");
  });

  test("is that of its latest calibration", () => {
    const weak = record({ kappa: { value: 0.1, lower: -0.1, upper: 0.3, samples: 40 } });
    expect(judgeStanding(rubric, [weak, record({})]).state).toBe("agrees");
    const doubtful = judgeStanding(rubric, [record({}), weak]);
    expect(doubtful).toMatchObject({ state: "doubtful", calibration: weak });
    expect(doubtful.sentence).toContain("kappa 0.10 (-0.10 to 0.30) over 100 labels");
    expect(judgeStanding(rubric, [record({ kappa: null })]).state).toBe("doubtful");
  });
});
