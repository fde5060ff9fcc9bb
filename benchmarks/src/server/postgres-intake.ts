/** Appending to the ledger on PostgreSQL beside bare COPY of the very same rows, in one run. */
import { execFile } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { against, atLeast, type Figure, figure } from "../figure.ts";
import { quantilesOf } from "../measure/quantiles.ts";
import type { SuiteReport } from "../suite.ts";

export interface IntakeScale {
  /** Of one call of `append`. */
  readonly rows: number;
  /** Calls that only fill the store, until most users and documents are known to it. */
  readonly filling: number;
  readonly rounds: number;
  /** What of the contents the rows keep: nothing, as is the default, or hashes. */
  readonly capture: "none" | "hash";
  /** The server's. */
  readonly settings: readonly string[];
}

/** Milliseconds of each round. */
export interface IntakeTimes {
  readonly rows: number;
  readonly rounds: readonly { readonly ledger: number; readonly bare: number }[];
}

/** As PostgreSQL comes: a commit waits for the disk. */
const DURABLE = ["fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=256MB"];
/** Nothing waits for the disk, so that what is compared is work alone. */
const WORK_ALONE = ["fsync=off", "synchronous_commit=off", "shared_buffers=256MB"];

const FULL = { rows: 10_000, filling: 10, rounds: 15, capture: "none" } as const;
const QUICK = { rows: 500, filling: 1, rounds: 2, capture: "none" } as const;

/**
 * @example
 * const { figures } = await measurePostgresIntake({ quick: false });
 */
export async function measurePostgresIntake({ quick }: { readonly quick: boolean }): Promise<SuiteReport> {
  const scale = quick ? QUICK : FULL;
  const figures = [
    ...figuresOf("", await run({ ...scale, settings: DURABLE })),
    ...figuresOf(", nothing waiting for the disk", await run({ ...scale, settings: WORK_ALONE })),
    ...figuresOf(
      ", with hashes of contents, nothing waiting for the disk",
      await run({ ...scale, capture: "hash", settings: WORK_ALONE }),
    ),
  ];
  return { figures, notes: COPY_NOTES };
}

export const COPY_NOTES: readonly string[] = [
  "Bare COPY goes into a table with the ledger's columns, parts and indexes and none of its triggers, 1,000 rows a transaction, from lines that are ready; the ledger is given rows as the runtime makes them.",
  "One process and one connection each, taking turns on the same server; medians of the rounds.",
];

/** A process of its own, with a server of its own. */
async function run(scale: IntakeScale): Promise<IntakeTimes> {
  const script = fileURLToPath(new URL("./postgres-intake.fixture.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(scale)]);
  return JSON.parse(stdout) as IntakeTimes;
}

function figuresOf(name: string, { rows, rounds }: IntakeTimes): readonly Figure[] {
  const median = (of: (round: IntakeTimes["rounds"][number]) => number): number =>
    quantilesOf(Float64Array.from(rounds, of)).p50;
  const perSecond = (milliseconds: number): number => (rows / milliseconds) * 1000;
  return [
    figure(`ledger.append${name}`, perSecond(median(({ ledger }) => ledger)), "rows/s"),
    figure(`bare COPY${name}`, perSecond(median(({ bare }) => bare)), "rows/s"),
    against(
      figure(
        `ledger.append to bare COPY${name}`,
        median(({ ledger, bare }) => bare / ledger),
        "×",
      ),
      atLeast(0.5),
    ),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { figures } = await measurePostgresIntake({ quick: process.argv.includes("--quick") });
  for (const one of figures) console.log(one);
}
