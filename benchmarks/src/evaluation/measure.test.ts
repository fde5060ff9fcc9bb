/** Smoke tests of the measurement of evaluations: everything runs on a few cases, and a tool that is not there is said to be. */
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import { measureMemory } from "./measure-memory.ts";
import { measureOverhead } from "./measure-overhead.ts";
import { installPromptfoo, PROMPTFOO_VERSION } from "./promptfoo.ts";

const { path: folder } = temporaryFolder();
const say = (): void => undefined;

afterEach(() => void vi.unstubAllEnvs());

test("Colophon alone has its slope and its whole times, and no ratio to anything", async () => {
  const figures = await measureOverhead({ folder, promptfoo: null, sizes: [4, 8], rounds: 1, say });
  expect(figures.map(({ name, unit }) => `${name}: ${unit}`)).toEqual([
    "Colophon, overhead per case: ms",
    "Colophon, processor time per case: ms",
    "Colophon, 4 cases, start-up and all: s",
    "Colophon, 8 cases, start-up and all: s",
    "Colophon with its import, overhead per case: ms",
    "Colophon with its import, processor time per case: ms",
    "Colophon with its import, 4 cases, start-up and all: s",
    "Colophon with its import, 8 cases, start-up and all: s",
  ]);
  expect(figures.every(({ budget }) => budget === null)).toBe(true);
}, 60_000);

test("import, eval and gate run as commands, and each has the peak of its process", async () => {
  const figures = await measureMemory({ folder, cases: 20, say });
  expect(figures).toHaveLength(4);
  for (const { value, budget } of figures) {
    expect(value).toBeGreaterThan(20);
    expect(budget).toEqual({ at: "most", value: 300 });
  }
}, 120_000);

test("promptfoo that cannot be installed is an error that says how to go without it", async () => {
  vi.stubEnv("PATH", join(folder, "nothing"));
  await expect(installPromptfoo(join(folder, "promptfoo"), say)).rejects.toThrow(
    `promptfoo ${PROMPTFOO_VERSION} cannot be installed; --skip-promptfoo measures Colophon alone.`,
  );
});
