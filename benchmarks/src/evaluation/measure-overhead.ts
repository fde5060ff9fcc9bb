/** What a case costs beside its call: whole processes at two sizes, both tools in turns, and the slope between the sizes. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { against, atLeast, type Figure, figure } from "../figure.ts";
import { writeCases, writePromptfooConfig } from "./eval-workload.ts";
import { installPromptfoo, runPromptfoo } from "./promptfoo.ts";
import { runMeasured, type Usage } from "./run-measured.ts";

const OWN_RUN = fileURLToPath(new URL("./own-run.ts", import.meta.url));
const CONCURRENCY = 16;

export interface OverheadOptions {
  readonly folder: string;
  /** Where promptfoo is, or is put; null to leave it out. */
  readonly promptfoo: string | null;
  readonly sizes: readonly [small: number, large: number];
  readonly rounds: number;
  readonly say: (message: string) => void;
}

interface Contender {
  readonly name: string;
  run(cases: number): Promise<Ran>;
}

interface Ran {
  readonly usage: Usage;
  /** Of taking the cases in, which is done once for a version of a set; null where that is part of each run. */
  readonly imported: Usage | null;
}

/** What a contender used, by size and round. */
interface Measured {
  readonly name: string;
  readonly runs: readonly [small: Usage[], large: Usage[]];
}

export async function measureOverhead(options: OverheadOptions): Promise<readonly Figure[]> {
  const { sizes, rounds, say } = options;
  const contenders = [ownContender(options)];
  if (options.promptfoo !== null) contenders.push(await promptfooContender(options, options.promptfoo));
  const measured = contenders.map(({ name }): Measured => ({ name, runs: [[], []] }));
  const withImport: Measured = { name: "Colophon with its import", runs: [[], []] };
  for (let round = 0; round < rounds; round++) {
    for (const at of [0, 1] as const) {
      // In turns, so that a busy minute of the machine falls on both.
      for (const [which, { name, run }] of contenders.entries()) {
        const { usage, imported } = await run(sizes[at]);
        measured[which]?.runs[at].push(usage);
        if (imported !== null) withImport.runs[at].push(sumOf(usage, imported));
        const [took, busy] = [usage.took / 1000, usage.busy / 1000];
        say(
          `round ${round + 1} of ${rounds}, ${sizes[at]} cases, ${name}: ${took.toFixed(2)} s, ${busy.toFixed(2)} s of a processor`,
        );
      }
    }
  }
  return figuresOf([...measured, withImport], sizes);
}

function sumOf(one: Usage, other: Usage): Usage {
  return { ...one, took: one.took + other.took, busy: one.busy + other.busy };
}

function figuresOf(measured: readonly Measured[], sizes: OverheadOptions["sizes"]): readonly Figure[] {
  const slopes = (of: "took" | "busy"): readonly number[] =>
    measured.map(({ runs: [small, large] }) =>
      medianOf(small.map((one, round) => slopeOf(sizes, [one[of], (large[round] as Usage)[of]]))),
    );
  const [took, busy] = [slopes("took"), slopes("busy")];
  const times = ([own = 0, other = 0]: readonly number[]): number => other / own;
  const withImport = ([, other = 0, own = 0]: readonly number[]): number => other / own;
  const ratios = [
    against(figure("overhead per case, times less than promptfoo", times(took), "x"), atLeast(10)),
    figure("processor time per case, times less than promptfoo", times(busy), "x"),
    figure("overhead per case with the import, times less than promptfoo", withImport(took), "x"),
  ];
  return [
    ...(measured.length > 2 ? ratios : []),
    ...measured.flatMap(({ name, runs }, which) => [
      figure(`${name}, overhead per case`, took[which] as number, "ms"),
      figure(`${name}, processor time per case`, busy[which] as number, "ms"),
      ...sizes.map((cases, at) => {
        const seconds = medianOf((runs[at] ?? []).map((one) => one.took)) / 1000;
        return figure(`${name}, ${cases.toLocaleString("en-US")} cases, start-up and all`, seconds, "s");
      }),
    ]),
  ];
}

function slopeOf(
  [small, large]: readonly [number, number],
  [before, after]: readonly [number, number],
): number {
  return (after - before) / (large - small);
}

/** The middle one; of an even count the mean of the two. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

function ownContender({ folder, sizes }: OverheadOptions): Contender {
  const fileOf = (cases: number): string => join(folder, `cases-${cases}.jsonl`);
  for (const cases of sizes) writeCases(fileOf(cases), cases);
  return {
    name: "Colophon",
    async run(cases) {
      const home = join(folder, "own");
      rmSync(home, { recursive: true, force: true });
      mkdirSync(home);
      const step = (name: "import" | "eval"): Promise<Usage> =>
        runMeasured({ args: [OWN_RUN, home, fileOf(cases), `${CONCURRENCY}`, name], cwd: home });
      const imported = await step("import");
      return { usage: await step("eval"), imported };
    },
  };
}

async function promptfooContender(options: OverheadOptions, place: string): Promise<Contender> {
  const { folder, sizes, say } = options;
  const file = await installPromptfoo(place, say);
  const configs = new Map(sizes.map((cases) => [cases, writePromptfooConfig(folder, cases)]));
  return {
    name: "promptfoo",
    async run(cases) {
      const config = configs.get(cases) ?? "";
      return {
        usage: await runPromptfoo({ file, config, folder, concurrency: CONCURRENCY }),
        imported: null,
      };
    },
  };
}
