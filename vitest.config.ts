/** Finds the tests of every package and of the scripts, and runs them in two processes. */
import { defineConfig } from "vitest/config";

/** Rooms whose tests leave nothing behind in a process, so that one may run many of their files. */
const TOGETHER =
  "packages/{kernel,methods,domain,adapters,harness,faces/{cli,server},simulator,testkit}/**/*.test.ts";

const exclude = ["**/node_modules/**", "**/dist/**", "**/.types/**"];

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    watch: false,
    projects: [
      // Loading the house anew for each file took a sixth of the whole time.
      { extends: true, test: { name: "together", include: [TOGETHER], exclude, isolate: false } },
      {
        extends: true,
        test: {
          name: "apart",
          include: ["{packages,scripts,benchmarks,examples}/**/*.test.ts"],
          exclude: [...exclude, TOGETHER],
        },
      },
    ],
  },
});
