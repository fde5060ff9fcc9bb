/** Finds the tests of every package and of the scripts, and runs them in two processes. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,scripts,benchmarks,examples}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/.types/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    watch: false,
  },
});
