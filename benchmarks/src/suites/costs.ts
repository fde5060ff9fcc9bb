/** What a month of calls cost, by prompt and by tenant, in a store of ten million rows; and what it takes to keep its sums. */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { LedgerStore, MetricFilter, RollupFilter, TenantRollupFilter } from "@colophon/kernel";
import { systemClock } from "@colophon/kernel";
import { openSqliteStore } from "@colophon/storage/sqlite";
import { foldedRows, foldMetrics, foldPiece, openSqliteCore } from "@colophon/storage/sqlite/core";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { quantilesOf } from "../measure/quantiles.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { LEDGER_GROUP, largeLedger, SPAN_MS, UNFOLDED_ROWS } from "../workload/large-ledger.ts";
import { promptKey } from "../workload/prompt-registry.ts";

interface Scale {
  readonly rows: number;
  readonly questions: number;
}

const FULL: Scale = { rows: 10_000_000, questions: 15 };
const QUICK: Scale = { rows: 20_000, questions: 2 };
const BUDGET_MS = 200;
const DAY_MS = 86_400_000;
/** Cuts both a day and an hour. */
const ODD_MS = 5 * 3_600_000 + 1_234_567;

interface Question {
  readonly name: string;
  readonly ask: (ledger: LedgerStore) => Promise<readonly unknown[]>;
  readonly budget: number | null;
}

function questionsOf(end: number): readonly Question[] {
  // Ends of a month of reports lie at midnight; those of a window that somebody types in lie anywhere.
  const prompt = promptKey(LEDGER_GROUP, 0);
  const month = { since: floorDay(end - SPAN_MS), until: end } as const;
  const anywhere = { since: end - 28 * DAY_MS + ODD_MS, until: end - DAY_MS + ODD_MS } as const;
  const metrics = (name: string, filter: MetricFilter, budget: number | null): Question => ({
    name: `metrics, ${name}`,
    ask: (ledger) => ledger.listMetrics(filter),
    budget,
  });
  const rollups = (name: string, filter: RollupFilter): Question => ({
    name: `by prompt, version and model, ${name}`,
    ask: (ledger) => ledger.listRollups(filter),
    budget: filter.by === "window" ? BUDGET_MS : null,
  });
  const tenants = (name: string, filter: TenantRollupFilter, budget: number | null): Question => ({
    name: `by tenant${filter.detail === "model" ? "" : " and version"}, ${name}`,
    ask: (ledger) => ledger.listTenantRollups(filter),
    budget,
  });
  return [
    rollups("30 days", { ...month, by: "window" }),
    rollups("27 days that begin and end anywhere", { ...anywhere, by: "window" }),
    rollups("30 days, day by day", { ...month, by: "day" }),
    rollups("7 days, hour by hour", { since: end - 7 * DAY_MS, until: end, by: "hour" }),
    tenants("30 days", { ...month, by: "window", detail: "model" }, BUDGET_MS),
    tenants("27 days that begin and end anywhere", { ...anywhere, by: "window", detail: "model" }, null),
    tenants("30 days", { ...month, by: "window" }, null),
    metrics("30 days", { ...month, by: "window" }, null),
    metrics("30 days of one prompt", { ...month, by: "window", prompt }, BUDGET_MS),
    metrics("7 days of one prompt, hour by hour", { since: end - 7 * DAY_MS, until: end, prompt }, BUDGET_MS),
  ];
}

function floorDay(time: number): number {
  return time - (time % DAY_MS);
}

async function timed(task: () => Promise<readonly unknown[]>): Promise<number> {
  const start = performance.now();
  const { length } = await task();
  const took = performance.now() - start;
  if (length === 0) throw new Error("A question about the ledger's sums found nothing.");
  return took;
}

async function timeQuestion(file: string, { name, ask, budget }: Question, times: number): Promise<Figure[]> {
  const open = () => openSqliteStore({ file, mode: "read", clock: systemClock });
  // The first question on a connection that has read nothing yet, the opening included.
  const cold = await timed(async () => {
    const store = await open();
    const answer = await ask(store.ledger);
    await store.close();
    return answer;
  });
  const store = await open();
  const samples = new Float64Array(times);
  for (let index = 0; index < times; index += 1) samples[index] = await timed(() => ask(store.ledger));
  await store.close();
  const warm = figure(`${name}, p50`, quantilesOf(samples).p50, "ms");
  return [
    budget === null ? warm : against(warm, atMost(budget)),
    figure(`${name}, first on a new connection`, cold, "ms"),
  ];
}

/** Folds the rows that were left, piece by piece, as the sink's upkeep does. */
function timeFolds(file: string): readonly Figure[] {
  const core = openSqliteCore({ file, mode: "write", clock: systemClock });
  const before = foldedRows(core);
  const metrics = timePieces(() => foldMetrics(core));
  const sums = timePieces(() => foldPiece(core));
  const rows = foldedRows(core) - before;
  core.close();
  const byRow = (pieces: readonly number[]): number =>
    (pieces.reduce((sum, piece) => sum + piece, 0) * 1000) / rows;
  return [
    against(figure("folding rows, longest hold", Math.max(...sums, ...metrics), "ms"), atMost(20)),
    figure("folding sums, by the row", byRow(sums), "µs"),
    figure("folding metrics, by the row", byRow(metrics), "µs"),
    figure("folding, rows of this measurement", rows, "rows"),
  ];
}

function timePieces(fold: () => boolean): readonly number[] {
  const pieces: number[] = [];
  for (let done = false; !done; ) {
    const start = performance.now();
    done = fold();
    pieces.push(performance.now() - start);
  }
  return pieces;
}

/** What metrics, with their indexes, take of the file. */
function sizeOf(file: string): Figure {
  const db = new DatabaseSync(file, { readOnly: true });
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE tbl_name IN ('metric', 'metric_day')").all();
  const select = db.prepare("SELECT pgsize FROM dbstat WHERE name = ? AND aggregate = TRUE");
  const sizes = names.map(({ name }) => (select.get(name as string) as { pgsize: number }).pgsize);
  db.close();
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return figure("metrics, of the store's bytes", (bytes / statSync(file).size) * 100, "%");
}

export async function costs({ quick, rows, shared, say }: SuiteOptions): Promise<SuiteReport> {
  const scale = { ...(quick ? QUICK : FULL), ...(rows === null ? {} : { rows }) };
  const { file, end } = await largeLedger({ folder: shared, rows: scale.rows, say });
  const figures: Figure[] = [];
  for (const question of questionsOf(end)) {
    say(question.name);
    const times = question.budget === null ? Math.min(3, scale.questions) : scale.questions;
    figures.push(...(await timeQuestion(file, question, times)));
  }
  say("folding");
  figures.push(...timeFolds(file), sizeOf(file));
  return { figures, notes: notesOf(scale) };
}

function notesOf({ rows, questions }: Scale): readonly string[] {
  return [
    `${rows.toLocaleString("en-US")} rows of 30 days: 20 prompts with 5 versions on 3 models, 500 tenants, one call in 64 with an input of more than 140,000 tokens, one in 32 with a stated cost, outcomes for one in eight. The newest ${UNFOLDED_ROWS.toLocaleString("en-US")} rows are in no sum yet and are added by each answer.`,
    `Medians of ${questions} answers, sums as LedgerStore gives them: by window unless said otherwise. The file is in the operating system's memory as far as it fits.`,
    "Metrics are latency, first token, lengths, tokens and two outcomes, with their sketches.",
    "Sums by tenant are kept by day: where an end lies within a day, up to half a day of rows is read. Sums by tenant and version are as many as there are tenants, prompts and days.",
  ];
}
