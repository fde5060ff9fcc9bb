/** Finds the tests of every package and of the scripts, and runs them in three processes. */

import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Rooms whose tests leave nothing behind in a process, so that one may run many of their files. */
const TOGETHER =
  "packages/{kernel,methods,domain,adapters,harness,faces/{cli,server},simulator,testkit}/**/*.test.ts";

const exclude = ["**/node_modules/**", "**/dist/**", "**/.types/**"];

/** Those that take longest, longest first: begun last, one of them would be all that runs at the end. */
const LONG = [
  "server/src/faults/",
  "storage/src/postgres/open-postgres-store",
  "cli/src/delivery/rollout-processes",
  "cli/src/evaluation/eval-gate",
  "cli/src/batch-",
  "harness/src/evaluation/runs/",
  "storage/src/sqlite/sink-crash",
] as const;

/** Without times of an earlier run files are sorted by their size, which says little of how long they take. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const place = LONG.findIndex((part) => moduleId.includes(part));
      // Files that share a process stay behind those that do not: a process that is shared ends where another kind follows.
      return (project.name === "apart" ? 0 : 100) + (place === -1 ? LONG.length : place);
    };
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    pool: "forks",
    // On two cores: many tests wait, for processes of their own, for a lease, for a connection that is given up.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes; how soon is said by the machine, of which a second says nothing.
    expect: { poll: { timeout: 20_000, interval: 20 } },
    watch: false,
    sequence: { sequencer: LongestFirst },
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
