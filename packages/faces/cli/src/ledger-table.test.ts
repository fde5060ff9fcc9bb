/** Tests how rows of the ledger name their models. */
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
async function modelCell(requestedModel: string, answeringModel: string | null): Promise<string> {
  world.clock.advance(1);
  const harness = await world.open();
  await harness.ledger.append([anExecution(harness.ids, { requestedModel, answeringModel, tier: null })]);
  await harness.close();
  const { out } = await world.run(["ledger", "--limit", "1"]);
  const lines = out.split("\n");
  const header = lines.find((line) => line.includes("model")) as string;
  const start = header.indexOf("model");
  const row = lines[lines.indexOf(header) + 1]?.startsWith("─") ? 2 : 1;
  return (lines[lines.indexOf(header) + row] as string).slice(start).split(/ {2,}/)[0]?.trim() as string;
}

describe("the table of the ledger", () => {
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
