/** Plays the whole story and holds its numbers against the ledger it leaves. */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { systemClock } from "@colophon/kernel";
import { expect, test } from "vitest";
import { Written } from "../cli-world.fixture.ts";
import { runCli } from "../index.ts";

test("the worse version shows in the numbers, is rolled back, and the minute is answered", async () => {
  const out = new Written();
  const told = new Written();
  const code = await runCli(["story", "--seed", "3", "--json"], {
    stdout: out,
    stderr: told,
    stdin: (async function* () {})(),
    env: { USER: "grace" },
    cwd: process.cwd(),
    clock: systemClock,
  });
  const end = JSON.parse(out.text);
  try {
    expect(code).toBe(0);
    expect(end).toMatchObject({ verified: true, simulation: true, rolledBack: { from: 3, to: 1 } });
    const share = (version: number): number => {
      const row = end.numbers.find((one: { version: number }) => one.version === version);
      return row.right / row.calls;
    };
    expect(share(3)).toBeLessThan(share(1));
    expect(end.numbers.reduce((sum: number, row: { calls: number }) => sum + row.calls, 0)).toBe(180);
    expect(end.at).toMatchObject({ served: 3, released: 3 });
    expect(told.text).toContain("SIMULATION");
    expect(told.text).toContain("released: v3");
  } finally {
    rmSync(dirname(end.store), { recursive: true, force: true });
  }
}, 30_000);
