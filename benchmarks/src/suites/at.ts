/** What the prompt was at a minute, for whom, in a store of ten million rows: the question that the ledger is for. */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type AtQuery, answerAt, type Harness, openHarness } from "@colophon/harness";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { type Quantiles, quantilesOf } from "../measure/quantiles.ts";
import { type Seeded, seeded } from "../measure/seeded.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { LEDGER_PROMPTS } from "../workload/execution-drafts.ts";
import { LEDGER_GROUP, largeLedger, SPAN_MS } from "../workload/large-ledger.ts";
import { ENVIRONMENT, promptKey } from "../workload/prompt-registry.ts";
import { ACTOR } from "../workload/store-registry.ts";

interface Scale {
  readonly rows: number;
  readonly questions: number;
  readonly openings: number;
}

const FULL: Scale = { rows: 10_000_000, questions: 1_000, openings: 30 };
const QUICK: Scale = { rows: 20_000, questions: 20, openings: 2 };
/** Questions that only warm up. */
const WARMUP = 50;

/** A call that is in the ledger, as somebody would ask about it. */
interface Served {
  readonly at: number;
  readonly key: string;
  readonly user: string;
  readonly document: string;
}

type Kind = "a prompt" | "a prompt and a user" | "a prompt and a document";
const KINDS: readonly Kind[] = ["a prompt", "a prompt and a user", "a prompt and a document"];

function servedCalls(file: string, count: number): readonly Served[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const { first, last } = db
    .prepare("SELECT min(n) + 1000 AS first, max(n) AS last FROM execution")
    .get() as {
    first: number;
    last: number;
  };
  const find = db.prepare(
    `SELECT e.at, v.prompt AS key, u.value AS user, d.value AS document FROM execution e
     JOIN version v ON v.n = e.version JOIN subject u ON u.n = e.user JOIN subject d ON d.n = e.document
     WHERE e.n >= ? LIMIT 1`,
  );
  const random = seeded(31);
  const served = Array.from(
    { length: count },
    () => find.get(first + random.below(last - first)) as unknown as Served,
  );
  db.close();
  return served;
}

interface Asking {
  readonly random: Seeded;
  /** The time of the last row. */
  readonly end: number;
}

function questionsOf(kind: Kind, served: readonly Served[], { random, end }: Asking): readonly AtQuery[] {
  return served.map(({ at, key, user, document }) => {
    // Without a subject any minute will do; with one it is a minute in which there was a call.
    const time = kind === "a prompt" ? end - random.below(SPAN_MS) : at;
    const minute = `${new Date(time).toISOString().slice(0, 16)}Z`;
    const asked = kind === "a prompt" ? promptKey(LEDGER_GROUP, random.below(LEDGER_PROMPTS)) : key;
    const subject = kind === "a prompt and a user" ? { user } : kind === "a prompt" ? {} : { document };
    return { time: minute, key: asked, environment: ENVIRONMENT, ...subject };
  });
}

/** Milliseconds per question. */
async function timeQuestions(harness: Harness, questions: readonly AtQuery[]): Promise<Quantiles> {
  const samples = new Float64Array(questions.length);
  for (const [index, question] of questions.entries()) {
    const start = performance.now();
    const answer = await answerAt(harness, question);
    samples[index] = performance.now() - start;
    const named = question.user !== undefined || question.document !== undefined;
    if (answer.released.version === null || (named && answer.served === null)) {
      throw new Error(`Nothing was found for ${question.key} at ${question.time}.`);
    }
  }
  return quantilesOf(samples);
}

function openStore(file: string): Promise<Harness> {
  return openHarness({ store: file, cwd: process.cwd(), mode: "read", actor: ACTOR });
}

/** The first question after opening the store again, as a command line asks it; the opening included. */
async function timeOpenings(file: string, questions: readonly AtQuery[]): Promise<Quantiles> {
  const samples = new Float64Array(questions.length);
  for (const [index, question] of questions.entries()) {
    const start = performance.now();
    const harness = await openStore(file);
    await answerAt(harness, question);
    samples[index] = performance.now() - start;
    await harness.close();
  }
  return quantilesOf(samples);
}

export async function at({ quick, rows, shared, say }: SuiteOptions): Promise<SuiteReport> {
  const scale = { ...(quick ? QUICK : FULL), ...(rows === null ? {} : { rows }) };
  const { file, end } = await largeLedger({ folder: shared, rows: scale.rows, say });
  const bytes = statSync(file).size / scale.rows;
  const served = servedCalls(file, scale.questions + WARMUP);
  const asking: Asking = { random: seeded(37), end };
  const figures: Figure[] = [];
  const harness = await openStore(file);
  for (const kind of KINDS) {
    say(kind);
    const questions = questionsOf(kind, served, asking);
    await timeQuestions(harness, questions.slice(0, WARMUP));
    const { p50, p99 } = await timeQuestions(harness, questions.slice(WARMUP));
    figures.push(
      against(figure(`at for ${kind}, p50`, p50, "ms"), atMost(5)),
      figure(`at for ${kind}, p99`, p99, "ms"),
    );
  }
  await harness.close();
  say("opening it again and again");
  const questions = questionsOf("a prompt and a user", served.slice(0, scale.openings), asking);
  const { p50, p99 } = await timeOpenings(file, questions);
  figures.push(
    figure("opening the store and the first answer, p50", p50, "ms"),
    figure("opening the store and the first answer, p99", p99, "ms"),
    figure("the whole file by its rows", bytes, "bytes"),
  );
  return { figures, notes: notesOf(scale) };
}

function notesOf({ rows, questions }: Scale): readonly string[] {
  return [
    `${rows.toLocaleString("en-US")} rows of 30 days, made by SQL with triggers and indexes dropped and made again; chains and hashes in them are random bytes, so verify would not pass: only reading is measured.`,
    `${questions.toLocaleString("en-US")} questions of each kind about random minutes. The file is in the operating system's memory as far as it fits.`,
    "Indexes made at once are packed more densely than those that grow row by row: the suite ledger says what a row weighs then.",
  ];
}
