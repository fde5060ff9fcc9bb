/** Measures the scan for prompts: precision and recall on the labelled corpus, and what a large tree takes. */
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import { against, atLeast, type Figure, figure } from "../figure.ts";
import { machineFacts } from "../machine.ts";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import { tableOf } from "../report/print-table.ts";
import { RESULTS_FOLDER, writeResult } from "../report/result-files.ts";
import type { SuiteResult } from "../report/suite-result.ts";
import { HALVES, type Half, readCorpus } from "./corpus.ts";
import type { Place } from "./label.ts";
import { measureScanSpeed } from "./measure-scan-speed.ts";
import { type ScannedProject, scanCorpus } from "./scan-corpus.ts";
import { scoreOf, scoresBy } from "./scan-score.ts";
import { listDisagreements, printAgreements, printRecall, printScores } from "./score-table.ts";

const HELP = `Usage: npm run bench:scan [-- OPTIONS]
       npm run bench:scan -- list [held-out | all]

  list           what was missed, found too much or said otherwise, in the half that is developed against
  --skip-speed   precision and recall alone
  --lines N      lines of the large tree (100,000)
  --check        exit 1 when a goal is not met
  --out DIR      where the JSON goes (benchmarks/results)`;

const GOALS = { precision: 95, recall: 90 } as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "skip-speed": { type: "boolean", default: false },
      lines: { type: "string", default: "100000" },
      check: { type: "boolean", default: false },
      out: { type: "string", default: RESULTS_FOLDER },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const lines = Number(values.lines);
  if (!(Number.isSafeInteger(lines) && lines >= 1_000)) {
    throw new Error(`--lines is "${values.lines}"; give a whole number from 1,000.`);
  }
  const listed = listedHalves(positionals);
  const { path: folder } = temporaryFolder();
  const corpus = readCorpus();
  const place = join(folder, "corpus");
  const scanned = await scanCorpus(corpus, { folder: place, tests: false });
  if (listed !== null) {
    for (const { project, matching } of scanned.filter(({ project }) => listed.includes(project.half))) {
      for (const line of listDisagreements(project.name, matching)) console.log(line);
    }
    return;
  }
  const withTests = await scanCorpus(corpus, { folder: place, tests: true });
  console.log(tablesOf(scanned, withTests).join("\n\n"));
  const say = (message: string): void => console.error(`scan: ${message}`);
  const speed = values["skip-speed"] ? [] : await measureScanSpeed(corpus, { folder, lines, say });
  const figures = [...scoreFigures(scanned), ...speed];
  const result: SuiteResult = {
    suite: "scan",
    quick: false,
    machine: machineFacts(new Date()),
    figures,
    notes: NOTES,
  };
  writeResult(values.out, result);
  console.log(tableOf(result));
  if (values.check && figures.some(({ ok }) => ok === false)) process.exitCode = 1;
}

/** Null where nothing is to be listed. The half that is held out is shown only to those who ask for it. */
function listedHalves([command, half, ...rest]: readonly string[]): readonly Half[] | null {
  if (command === undefined) return null;
  const halves = half === "all" ? HALVES : HALVES.filter((each) => each === (half ?? "dev"));
  if (command === "list" && halves.length > 0 && rest.length === 0) return halves;
  throw new Error(`"${[command, half, ...rest].join(" ")}" is not understood. ${HELP}`);
}

function tablesOf(
  scanned: readonly ScannedProject[],
  withTests: readonly ScannedProject[],
): readonly string[] {
  const all = scanned.map(({ matching }) => matching);
  const language = ({ file }: Place): string => LANGUAGES[extname(file)] ?? "javascript";
  const parts = [
    ...partsOf(scanned),
    ["whole, tests read too", withTests.map(({ matching }) => matching)] as const,
  ];
  return [
    printScores("", new Map(parts.map(([name, matchings]) => [name, scoreOf(matchings)]))),
    printScores("language", scoresBy(all, { ofLabel: language, ofExtra: language })),
    printRecall("shape", scoresBy(all, { ofLabel: ({ shape }) => shape ?? "none" })),
    printAgreements(all.flatMap(({ matched }) => matched)),
  ];
}

const LANGUAGES: Readonly<Record<string, string>> = { ".py": "python", ".ts": "typescript", ".tsx": "tsx" };

function partsOf(scanned: readonly ScannedProject[]) {
  return [...HALVES, "whole" as const].map((part) => {
    const projects = scanned.filter(({ project }) => part === "whole" || project.half === part);
    return [part, projects.map(({ matching }) => matching)] as const;
  });
}

function scoreFigures(scanned: readonly ScannedProject[]): readonly Figure[] {
  return partsOf(scanned).flatMap(([name, matchings]) => {
    const score = scoreOf(matchings);
    return (["precision", "recall"] as const).map((measure) =>
      against(figure(`${measure}, ${name}`, 100 * (score[measure] ?? 0), "%"), atLeast(GOALS[measure])),
    );
  });
}

const NOTES = [
  "A finding counts for one label at most whose lines it overlaps; a second one for the same label counts as extra.",
  "Times are those of the whole command `colophon scan --tests --json` from source, start-up included; every line is read.",
];

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
