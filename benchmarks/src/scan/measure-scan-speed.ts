/** Times whole scans of large trees, each in a process of its own, with the memory that they take. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runMeasured } from "../evaluation/run-measured.ts";
import { against, atMost, type Figure, figure } from "../figure.ts";
import type { CorpusProject } from "./corpus.ts";
import { growTree } from "./large-tree.ts";
import { sourceLines } from "./source-lines.ts";

const MAIN = fileURLToPath(new URL("../../../packages/faces/cli/src/main.ts", import.meta.url));
const PACKAGES = fileURLToPath(new URL("../../../packages", import.meta.url));
const MOST_SECONDS = 10;

export interface SpeedOptions {
  readonly folder: string;
  readonly lines: number;
  readonly say: (message: string) => void;
}

export async function measureScanSpeed(
  corpus: readonly CorpusProject[],
  { folder, lines, say }: SpeedOptions,
): Promise<readonly Figure[]> {
  const tree = join(folder, "tree");
  const written = growTree(corpus, { folder: tree, lines });
  const figures = [...(await timeScan("copies of the corpus", { tree, lines: written, folder, say }))];
  const own = sourceLines(PACKAGES);
  figures.push(
    ...(await timeScan("this repository's packages", { tree: PACKAGES, lines: own, folder, say })),
  );
  return figures;
}

async function timeScan(
  name: string,
  { tree, lines, folder, say }: SpeedOptions & { readonly tree: string },
): Promise<readonly Figure[]> {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const { took, busy, peak } = await runMeasured({
    args: [MAIN, "scan", tree, "--tests", "--json"],
    cwd: home,
    env: { NO_COLOR: "1" },
    // Prompts that are found are a verdict, not a failure.
    fine: [0, 1],
  });
  const seconds = took / 1000;
  const per = 100_000 / lines;
  say(`${name}: ${lines.toLocaleString("en-US")} lines in ${seconds.toFixed(1)} s`);
  return [
    figure(`lines, ${name}`, lines, ""),
    figure(`whole command, ${name}`, seconds, "s"),
    figure(`processor time, ${name}`, busy / 1000, "s"),
    against(figure(`for 100,000 lines, ${name}`, seconds * per, "s"), atMost(MOST_SECONDS)),
    figure(`peak of the process, ${name}`, peak / 2 ** 20, "MB"),
  ];
}
