/** Holds docs/rollouts.md to the truth: a rollout starts by each plan in it, and its table of risks is the code's. */
import { readFileSync } from "node:fs";
import { RISKS } from "@colophon/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, openWorld, promptFile } from "../cli-world.fixture.ts";

const DOCUMENT = readFileSync(new URL("../../../../../docs/rollouts.md", import.meta.url), "utf8");
const PLANS = [...DOCUMENT.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);

let world: CliWorld;
beforeEach(async () => {
  world = openWorld();
  await fillWorld(world);
});
afterEach(() => world.close());

const start = (...more: readonly string[]) =>
  world.run([
    "rollout",
    "start",
    `${KEY}@v2`,
    "--env",
    "production",
    "--reason",
    "a test",
    "--json",
    ...more,
  ]);

test.each(PLANS.map((plan, at) => [at + 1, plan] as const))(
  "a rollout starts by plan %i",
  async (_at, plan) => {
    world.write("plan.yaml", plan);
    const { code, err } = await start("--plan", "plan.yaml");
    expect([code, err]).toEqual([0, expect.stringContaining("Nobody watches")]);
  },
);

test.each(RISKS)("a risk that is %s has the steps that the table says", async (risk) => {
  const [, row = ""] = new RegExp(`^\\| ${risk}[^|]*\\|(.*)$`, "m").exec(DOCUMENT) ?? [];
  const [steps = "", each = "", approvals = ""] = row.split("|").map((cell) => cell.trim());
  world.write("risky.json", promptFile("Sort this: {{ticket}}", { risk }));
  await world.run(["register", "risky.json"]);
  const { plan } = (await start()).json<{ plan: Plan }>();
  const shares = plan.steps.map(({ share }) => Number((share * 100).toPrecision(3)));
  expect(`${shares.join(", ")} %`).toBe(steps);
  const [{ dwell = 0, units = 0 } = {}] = plan.steps;
  expect(`${words(dwell)}, ${units} units`).toBe(each);
  expect(plan.approvals).toBe(Number(approvals.replace("–", "0")));
});

function words(milliseconds: number): string {
  const hours = milliseconds / 3_600_000;
  return hours < 1 ? `${hours * 60} minutes` : hours === 1 ? "1 hour" : `${hours} hours`;
}

interface Plan {
  readonly steps: readonly { readonly share: number; readonly dwell: number; readonly units: number }[];
  readonly approvals: number;
}
