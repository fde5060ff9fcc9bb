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
    expect(end).toMatchObject({
      verified: true,
      simulation: true,
      rolledBack: { from: 3, to: 1, byItself: true },
    });
    expect(end.rolledBack.alert).toContain("v3 was rolled back in production");
    const share = (version: number): number => {
      const row = end.numbers.find((one: { version: number }) => one.version === version);
      return row.right / row.calls;
    };
    expect(share(3)).toBeLessThan(share(1));
    const calls = end.numbers.reduce((sum: number, row: { calls: number }) => sum + row.calls, 0);
    const canary = Number(/After (\d+) tickets its guard fires/.exec(told.text)?.[1]);
    expect(calls).toBe(60 + canary + 30);
    expect(end.at.served).toBe(3);
    expect(told.text).toContain("SIMULATION");
    expect(told.text).toMatch(/served: .* v3 .*\(tier environment, canary\)/);
  } finally {
    rmSync(dirname(end.store), { recursive: true, force: true });
  }
}, 30_000);
