/** Tests of `colophon judge` against a simulated judge. */
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, openWorld, type Ran } from "../cli-world.fixture.ts";

const JUDGE = "colophon.judge.reference";
let world: CliWorld;
let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  return () => simulator.close();
});
beforeEach(() => {
  world = openWorld();
  return () => world.close();
});

const line = (at: number, good: boolean, more: object): string =>
  JSON.stringify({
    question: `Where is parcel ${at}?`,
    reference: `Parcel ${at} was delivered in Quito yesterday morning by courier.`,
    answer: good
      ? `Parcel ${at} was delivered in Quito yesterday morning by courier.`
      : "Our opening hours are posted on the website, kindly have a look there.",
    ...more,
  });
const labels = (count: number, labelOf = (good: boolean) => good): string =>
  Array.from({ length: count }, (_, at) => line(at, at % 2 === 0, { label: labelOf(at % 2 === 0) })).join(
    "\n",
  );

function calibrate(...more: readonly string[]): Promise<Ran> {
  const args = [
    "judge",
    "calibrate",
    "--judge",
    JUDGE,
    "--labels",
    "labels.jsonl",
    "--base-url",
    simulator.baseUrl,
  ];
  return world.run([...args, ...more]);
}

describe("judge calibrate", () => {
  test("says how far the judge agrees, records it, and ends well", async () => {
    world.write("labels.jsonl", labels(30));
    world.write(
      "answers.jsonl",
      Array.from({ length: 20 }, (_, at) => line(100 + at, at < 15, {})).join("\n"),
    );
    const { code, out, err } = await calibrate("--answers", "answers.jsonl");
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toContain(`${JUDGE}@v1 on openai/gpt-5-mini: 30 labelled answers`);
    expect(out).toMatch(/kappa \(agreement beyond chance\) +\d\.\d\d +\d\.\d\d to \d\.\d\d +30/);
    expect(out).toMatch(/PPI\+\+\) +0\.\d\d/);
    expect(out).toContain("Recorded. The judge agrees with people beyond chance.");
    const rows = (await world.run(["ledger", "--json", "--limit", "100"])).rows<{ purpose: string }>();
    expect(rows.map(({ purpose }) => purpose)).toEqual(Array.from({ length: 50 }, () => "judge"));
    const listed = (await world.run(["judge", "list", "--json"])).rows<{ judge: string; state: string }>();
    expect(listed.find(({ judge }) => judge === `${JUDGE}@v1`)?.state).toBe("agrees");
    expect((await world.run(["verify"])).code).toBe(0);
  });

  test("ends with 1 where people say otherwise, and shows where", async () => {
    world.write(
      "labels.jsonl",
      labels(30, (good) => !good),
    );
    const { code, out } = await calibrate();
    expect(code).toBe(1);
    expect(out).toContain("They differ on:");
    expect(out).toMatch(/line 1: people fail it, the judge gives \d\.\d\d: /);
    expect(out).toContain("do not show that the judge agrees");
  });

  test("answers in JSON", async () => {
    world.write("labels.jsonl", labels(8));
    const report = (await calibrate("--json")).json();
    expect(report).toMatchObject({
      judge: `${JUDGE}@v1`,
      labels: 8,
      errors: 0,
      recorded: true,
      end: { kind: "complete" },
    });
  });

  test("ends with 1 and records nothing when its budget is used up", async () => {
    world.write("labels.jsonl", labels(30));
    const { code, out } = await calibrate("--budget", "3000tokens");
    expect(code).toBe(1);
    expect(out).toContain("Nothing is recorded, for the run ended early");
  });

  test.each([
    [["--judge", JUDGE], "add --labels"],
    [["--labels", "labels.jsonl"], "add --judge"],
    [["--judge", JUDGE, "--labels", "missing.jsonl"], "missing.jsonl is not there"],
    [["--judge", JUDGE, "--labels", "bad.jsonl"], "line 2: it is no JSON"],
    [["--judge", "my.judge", "--labels", "labels.jsonl"], "write my.judge@vN"],
    [["--judge", "colophon.judge.pairwise", "--labels", "labels.jsonl"], "compares two answers"],
    [["--judge", JUDGE, "--labels", "labels.jsonl", "--threshold", "2"], "--threshold takes a score"],
    [["--judge", JUDGE, "--labels", "labels.jsonl", "--budget", "much"], "--budget takes amounts"],
    [["--judge", JUDGE, "--labels", "labels.jsonl"], "OPENAI_API_KEY is not set"],
  ])("refuses %j with 2", async (args, sentence) => {
    world.write("labels.jsonl", labels(2));
    world.write("bad.jsonl", `${line(1, true, { label: 1 })}\n{`);
    const { code, err } = await world.run(["judge", "calibrate", ...args]);
    expect(err).toContain(sentence);
    expect(code).toBe(2);
  });
});

test("judge list says that nobody has calibrated the judges that come with Colophon", async () => {
  await world.run(["init"]);
  const { code, out } = await world.run(["judge", "list"]);
  expect(code).toBe(0);
  expect(out.match(/uncalibrated/g)).toHaveLength(3);
});
