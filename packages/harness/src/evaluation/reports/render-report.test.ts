/** Tests of reports in every format, on a verdict over real lines. */
import { decideGate, ScoreFold, type ScoreLine } from "@colophon/evaluation";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { renderReport } from "./render-report.ts";
import { REPORT_FORMATS, type Report } from "./report.ts";
import { scorePictures } from "./score-pictures.ts";
import { verdictReport } from "./verdict-report.ts";

const NASTY = `<img src=x onerror=alert(1)> "quoted" | \`tick\` & @someone\u0007`;

function lines(score: (at: number) => number | null): readonly ScoreLine[] {
  return Array.from({ length: 60 }, (_, at) => ({
    case: at === 0 ? NASTY : `case-${at}`,
    cluster: null,
    repeat: 0,
    score: score(at),
    ...(score(at) === null && { error: "timed out" }),
    slice: [at % 2 === 0 ? "even" : NASTY],
    guards: { cost: 1, latency: 100 + at, length: 10, refused: false },
  }));
}

function report(): { readonly report: Report; readonly answer: object } {
  const baseline = lines(() => 1);
  const challenger = lines((at) => (at < 12 ? 0 : 1));
  const verdict = decideGate({ baseline, challenger });
  const pictures = scorePictures([
    { name: "baseline v1", scores: sideOf(baseline) },
    { name: "challenger v2", scores: sideOf(challenger) },
  ]);
  return { report: verdictReport({ verdict, title: NASTY, pictures }), answer: verdict };
}

function sideOf(scored: readonly ScoreLine[]) {
  const fold = new ScoreFold();
  for (const line of scored) fold.add(line);
  return fold.side();
}

function render(format: (typeof REPORT_FORMATS)[number]): string {
  const made = report();
  return renderReport(made.report, { format, answer: made.answer });
}

test("every format says the verdict and why", () => {
  for (const format of REPORT_FORMATS) {
    const text = render(format);
    expect(text).toContain("block");
    expect(text).toContain("margin");
  }
});

test("a terminal gets no control character but line ends", () => {
  expect(render("table")).not.toMatch(/[^\P{Cc}\n]/u);
  expect(render("table")).toMatch(/^case-11 +100\.0 +0\.0 +-100\.0/m);
});

test("a pull request is neither formatted, linked nor mentioned from outside", () => {
  const text = render("markdown");
  expect(text).not.toContain("<img");
  expect(text).not.toContain("@someone");
  const rows = text.split("\n").filter((line) => line.startsWith("| case-"));
  for (const row of rows) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(7);
});

test("JUnit counts what failed, and is XML whatever an id holds", () => {
  const text = render("junit");
  const [, tests, failures] = /<testsuites name="colophon" tests="(\d+)" failures="(\d+)"/.exec(text) ?? [];
  expect(text.match(/<testcase /g)).toHaveLength(Number(tests));
  expect(text.match(/<failure /g)).toHaveLength(Number(failures));
  expect(text).toContain('<failure message="block: ');
  expect(text).not.toContain("<img");
  expect(text).not.toContain("\u0007");
  const opened = [
    ...text.matchAll(/<(testsuites|testsuite|testcase|failure|skipped|error|system-out)\b[^>]*?(\/?)>/g),
  ];
  const closed = [...text.matchAll(/<\/(\w[\w-]*)>/g)];
  expect(opened.filter(([, , self]) => self === "")).toHaveLength(closed.length);
});

test("the page needs nothing beside itself, and runs nothing of an id", () => {
  const text = render("html");
  expect(text).not.toMatch(/<script|<img|<link|https?:\/\/|@import|url\(/);
  expect(text).toContain("&lt;img src=x onerror=alert(1)&gt;");
  // Scores of both sides, paired differences, and the interval with its slices.
  expect(text.match(/<svg /g)).toHaveLength(3);
  expect(text.match(/<rect class="s0"/g)?.length).toBeGreaterThan(20);
});

test("JSON is the verdict itself", () => {
  expect(parse(render("json"))).toMatchObject({ verdict: "block", cases: 60 });
});

test("what has no score is in no picture", () => {
  const some = lines((at) => (at < 10 ? null : 1));
  const [scores] = scorePictures([{ name: "one", scores: sideOf(some) }]);
  if (scores?.kind !== "histograms") throw new Error("Scores are drawn as histograms.");
  expect(scores.series[0]?.counts.reduce((sum, count) => sum + count, 0)).toBe(50);
});
