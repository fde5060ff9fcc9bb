/** Tests how rows of the ledger name their models and lanes. */
import { anExecution } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CliWorld, fillWorld, openWorld } from "./cli-world.fixture.ts";

let world: CliWorld;
beforeEach(async () => {
  world = openWorld();
  await fillWorld(world);
});
afterEach(() => world.close());

/** The ledger's column of models for one row. */
function modelCell(requestedModel: string, answeringModel: string | null): Promise<string> {
  return cell("model", { requestedModel, answeringModel, tier: null });
}

/** What one column of the ledger says of a row. */
async function cell(column: string, fields: Parameters<typeof anExecution>[1]): Promise<string> {
  world.clock.advance(1);
  const harness = await world.open();
  await harness.ledger.append([anExecution(harness.ids, fields)]);
  await harness.close();
  const { out } = await world.run(["ledger", "--limit", "1"]);
  const lines = out.split("\n");
  const header = lines.find((line) => line.includes(column)) as string;
  const start = header.indexOf(column);
  const row = lines[lines.indexOf(header) + 1]?.startsWith("─") ? 2 : 1;
  return (lines[lines.indexOf(header) + row] as string).slice(start).split(/ {2,}/)[0]?.trim() as string;
}

describe("the table of the ledger", () => {
  it("shows with the tier the lane that a call went through, where it was not the live one", async () => {
    expect(await cell("tier", { tier: "environment", lane: "live" })).toBe("environment");
    expect(await cell("tier", { tier: "environment", lane: "canary" })).toBe("environment canary");
    const shadow = { lane: "shadow", reason: "shadow", purpose: "shadow" } as const;
    expect(await cell("tier", { tier: "environment", ...shadow })).toBe("environment shadow");
    expect(await cell("tier", { tier: "user", lane: null })).toBe("user");
  });

  it("shows the model that was asked and the one that answered, where they differ", async () => {
    expect(await modelCell("gpt-5-mini", "claude-haiku-4-5")).toBe("gpt-5-mini → claude-haiku-4-5");
    expect(await modelCell("gpt-5", "gpt-5-mini")).toBe("gpt-5 → gpt-5-mini");
  });

  it("shows one name where that says both", async () => {
    expect(await modelCell("gpt-5-mini", "gpt-5-mini")).toBe("gpt-5-mini");
    expect(await modelCell("gpt-5-mini", "gpt-5-mini-2025-08-07")).toBe("gpt-5-mini-2025-08-07");
    expect(await modelCell("claude-haiku-4-5", "claude-haiku-4-5-20251001")).toBe(
      "claude-haiku-4-5-20251001",
    );
    expect(await modelCell("gpt-5-mini", null)).toBe("gpt-5-mini");
  });
});
