/** Holds docs/costs.md to the truth: its files are read, its commands run. */
import { readFileSync } from "node:fs";
import { anExecution, fixedClock, seededIds } from "@colophon/testkit";
import { expect, test } from "vitest";
import { fillWorld, openWorld } from "./cli-world.fixture.ts";

const DOCUMENT = readFileSync(new URL("../../../../docs/costs.md", import.meta.url), "utf8");

test("every command of docs/costs.md runs on a store with calls, in its order", async () => {
  const world = openWorld();
  try {
    await fillWorld(world);
    const harness = await world.open();
    for (const days of [0, 7]) {
      const clock = fixedClock(world.clock.now() - 60_000 - days * 86_400_000);
      const ids = seededIds({ clock, seed: `document ${days}` });
      await harness.ledger.append([anExecution(ids, { subjects: { tenant: "acme" } })]);
    }
    await harness.close();
    let commands = 0;
    for (const [, language, name, text = ""] of DOCUMENT.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)) {
      if (name !== undefined && name !== "") world.write(name, text);
      if (language !== "sh") continue;
      for (const line of text.trim().split("\n")) {
        const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
        const ran = await world.run(words.slice(1));
        expect([line, ran.code, ran.err]).toEqual([line, 0, ""]);
        commands += 1;
      }
    }
    expect(commands).toBeGreaterThan(6);
  } finally {
    world.close();
  }
});
