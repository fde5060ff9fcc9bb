/** Tests of `colophon score` against a simulated judge. */
import { sha256 } from "@colophon/kernel";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { anExecution } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, openWorld, type Ran } from "../cli-world.fixture.ts";

let world: CliWorld;
let simulator: RunningSimulator;

beforeEach(async () => {
  world = openWorld();
  simulator = await startSimulator({ latencyMs: 0 });
  await fillWorld(world);
  const harness = await world.open();
  const rows = ["Your invoice is in the account.", "no"].map((output) => {
    const variables = JSON.stringify({ ticket: "Where is my invoice?" });
    const digests = { inputDigest: sha256(variables), outputDigest: sha256(output) };
    return anExecution(harness.ids, { contents: { ...digests, variables, output, days: null } });
  });
  await harness.ledger.append([...rows, anExecution(harness.ids)]);
  await harness.close();
});
afterEach(async () => {
  await simulator.close();
  world.close();
});

function score(...more: readonly string[]): Promise<Ran> {
  const env = { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_API_KEY: "none" };
  return world.run(["score", KEY, "--env", "production", "--sample", "1", ...more], { env });
}

const SHORT = '{"scorer":"length","options":{"max":5}}';
const JUDGE = ["--judge", "colophon.judge.rubric", "--rubric", "polite", "--budget", "1usd"];

describe("colophon score", () => {
  test("scores by rules and judges, and says what their scores come to by version", async () => {
    const ran = await score("--scorer", SHORT, ...JUDGE, "--json");
    expect(ran.code).toBe(0);
    expect(ran.json()).toMatchObject({
      ...{ key: KEY, environment: "production", sample: 1, calls: 3, pairs: 0, skipped: [] },
      insufficient: { reason: "contents not captured", calls: 1 },
      raters: [
        { source: "rule", metric: "length", scored: 2, mean: 0.5 },
        { source: "judge", metric: "quality", scored: 2, errors: 0 },
      ],
      end: { kind: "complete" },
      rates: [
        { version: 1, lane: "live", metric: "length", score: { value: 0.5, samples: 2 }, judged: null },
        { version: 1, metric: "quality", source: "judge", judged: { corrected: null } },
      ],
    });
    const again = await score("--scorer", SHORT);
    expect(again.out).toContain("insufficient: contents not captured (1 of them)");
    expect(again.out).toMatch(/length#[0-9a-f]{8}\s+length\s+0\s+–\s+2/);
    expect(again.out).toContain("nobody has held this judge against people");
  });

  test("ends early with its budget, says so, and exits with 1", async () => {
    const ran = await score(...JUDGE.slice(0, 4), "--budget", "10tokens");
    expect(ran.code).toBe(1);
    expect(ran.out).toContain("It ended early");
  });

  test.each<readonly [readonly string[], string]>([
    [[], "There is nothing to score"],
    [JUDGE.slice(0, 4), "--budget 1usd"],
    [["--scorer", "lenght"], "length"],
    [["--scorer", "exact"], "expects nothing"],
    [["--scorer", SHORT, "--rubric", "polite"], "--rubric is for judges"],
    [["--scorer", SHORT, "--sample", "2"], "A sample of 2"],
  ])("%j is refused", async (args, said) => {
    const { code, err } = await score(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  });
});
