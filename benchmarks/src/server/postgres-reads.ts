/** What questions about a store of millions of rows on PostgreSQL take: what was served, the newest rows, costs and metrics. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath, pathToFileURL } from "node:url";
import { answerAt, type Harness, listCosts, listLedger, openHarness } from "@colophon/harness";
import type { Execution } from "@colophon/kernel";
import { against, atMost, type Budget, type Figure, figure } from "../figure.ts";
import { quantilesOf } from "../measure/quantiles.ts";
import { type Seeded, seeded } from "../measure/seeded.ts";
import type { SuiteReport } from "../suite.ts";
import { LEDGER_PROMPTS } from "../workload/execution-drafts.ts";
import { LEDGER_GROUP, SPAN_MS } from "../workload/large-ledger.ts";
import { ENVIRONMENT, promptKey } from "../workload/prompt-registry.ts";
import { ACTOR } from "../workload/store-registry.ts";

export interface PostgresReadsOptions {
  /** Of the ledger, over 30 days. */
  readonly rows: number;
  /** Answers of each kind where one takes milliseconds; a fifth of it where it takes longer. */
  readonly questions: number;
  readonly say: (message: string) => void;
}

/** A call that is in the ledger, as somebody would ask about it. */
interface Served {
  readonly at: number;
  readonly key: string;
  readonly user: string;
  readonly document: string;
  readonly tenant: string;
}

interface Question {
  readonly name: string;
  readonly budget: Budget | null;
  readonly slow?: boolean;
  ask(index: number): Promise<unknown>;
}

const AT = atMost(10);
const COSTS = atMost(300);
const DAY_MS = 86_400_000;
const WARMUP = 10;

/**
 * Fills a server of its own first, which takes a while and some 500 bytes of disk a row.
 *
 * @example
 * const { figures } = await measurePostgresReads({ rows: 10_000_000, questions: 100, say: console.error });
 */
export async function measurePostgresReads({
  rows,
  questions,
  say,
}: PostgresReadsOptions): Promise<SuiteReport> {
  const keeper = fileURLToPath(new URL("./postgres-reads.fixture.ts", import.meta.url));
  const filled = spawn(process.execPath, [keeper, `${rows}`], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(filled, "exit");
  try {
    const [url] = (await Promise.race([once(filled.stdout, "data"), ended])) as [unknown];
    if (!Buffer.isBuffer(url)) throw new Error("The store could not be filled.");
    return await askStore({ url: url.toString().trim(), questions, say });
  } finally {
    filled.stdin.end();
    await ended;
  }
}

/** Of a store that `fillPostgres` has filled. */
export async function askStore({
  url,
  questions: count,
  say,
}: Omit<PostgresReadsOptions, "rows"> & { readonly url: string }): Promise<SuiteReport> {
  const harness = await openHarness({ store: url, cwd: process.cwd(), mode: "read", actor: ACTOR });
  try {
    const [newest] = await harness.ledger.listExecutions({ limit: 1 });
    const end = (newest as Execution).at + 1;
    const served = await servedCalls(harness, { count: count + WARMUP, end, random: seeded(31) });
    const figures: Figure[] = [];
    for (const question of [...rowQuestions(harness, served, end), ...sumQuestions(harness, end)]) {
      const timed = await timeQuestion(question, count);
      for (const { name, value, unit } of timed) say(`${name}: ${value.toFixed(1)} ${unit}`);
      figures.push(...timed);
    }
    return { figures, notes: NOTES };
  } finally {
    await harness.close();
  }
}

const NOTES = [
  "Rows of 30 days, made by SQL with the indexes made afterwards: 20 prompts with 5 versions on 3 models, 500 tenants, 20,000 users, 50,000 documents, outcomes for one row in eight. The server has 1 GB of shared buffers, the rest of the database is in the operating system's memory as far as it fits.",
];

/** Calls at random times, which had a tenant. */
async function servedCalls(
  harness: Harness,
  of: { readonly count: number; readonly end: number; readonly random: Seeded },
): Promise<readonly Served[]> {
  const served: Served[] = [];
  while (served.length < of.count) {
    const since = of.end - SPAN_MS + of.random.below(SPAN_MS - DAY_MS);
    const [row] = await listLedger(harness, { since, until: since + 60_000, limit: 1 });
    const { user, document, tenant } = row?.subjects ?? {};
    if (row === undefined || user == null || document == null || tenant == null) continue;
    served.push({ at: Date.parse(row.at), key: row.prompt, user, document, tenant });
  }
  return served;
}

function rowQuestions(harness: Harness, served: readonly Served[], end: number): readonly Question[] {
  const random = seeded(37);
  const call = (index: number): Served => served[index % served.length] as Served;
  const ledger = (name: string, query: (served: Served) => object, budget: Budget | null): Question => ({
    name: `newest 100 rows of ${name}`,
    budget,
    ask: (index) => listLedger(harness, { limit: 100, ...query(call(index)) }),
  });
  return [
    {
      name: "at for a prompt",
      budget: AT,
      ask: () =>
        asked(harness, {
          time: end - random.below(SPAN_MS),
          key: promptKey(LEDGER_GROUP, random.below(LEDGER_PROMPTS)),
        }),
    },
    ...(["user", "document"] as const).map((kind): Question => {
      const ask = (index: number) => {
        const { at, key, [kind]: subject } = call(index);
        return asked(harness, { time: at, key, [kind]: subject });
      };
      return { name: `at for a prompt and a ${kind}`, budget: AT, ask };
    }),
    ledger("a prompt", ({ key }) => ({ prompt: key }), AT),
    ledger("a user", ({ user }) => ({ user }), AT),
    ledger("a prompt and a user", ({ key, user }) => ({ prompt: key, user }), AT),
    ledger("a document", ({ document }) => ({ document }), AT),
    ledger("a tenant", ({ tenant }) => ({ tenant }), null),
  ];
}

interface Asked extends Partial<Pick<Served, "user" | "document">> {
  readonly time: number;
  readonly key: string;
}

async function asked(harness: Harness, { time, ...of }: Asked): Promise<void> {
  const minute = `${new Date(time).toISOString().slice(0, 16)}Z`;
  const { released } = await answerAt(harness, { time: minute, environment: ENVIRONMENT, ...of });
  if (released.version === null) throw new Error(`Nothing was found for ${of.key} at ${minute}.`);
}

function sumQuestions(harness: Harness, end: number): readonly Question[] {
  const month = { since: end - SPAN_MS - ((end - SPAN_MS) % DAY_MS), until: end };
  // Ends of a window that somebody types in lie anywhere: they cut days, whose rows are read.
  const anywhere = { since: end - 28 * DAY_MS + 19_234_567, until: end - DAY_MS + 19_234_567 };
  const prompt = promptKey(LEDGER_GROUP, 0);
  const question = (name: string, budget: Budget | null, ask: () => Promise<unknown>): Question => ({
    ...{ name, budget, ask },
    slow: true,
  });
  const { ledger } = harness;
  return [
    question("costs of 30 days by prompt, version and model", COSTS, () =>
      listCosts(harness, { ...month, by: ["prompt", "version", "model"] }),
    ),
    question("costs of 27 days that begin and end anywhere, by prompt, version and model", COSTS, () =>
      listCosts(harness, { ...anywhere, by: ["prompt", "version", "model"] }),
    ),
    question("costs of 30 days by tenant", COSTS, () => listCosts(harness, { ...month, by: ["tenant"] })),
    question("costs of 27 days that begin and end anywhere, by tenant", null, () =>
      listCosts(harness, { ...anywhere, by: ["tenant"] }),
    ),
    question("costs of 30 days by tenant and version", null, () =>
      listCosts(harness, { ...month, by: ["tenant", "version"] }),
    ),
    question("metrics of 30 days of one prompt", COSTS, () =>
      ledger.listMetrics({ ...month, by: "window", prompt }),
    ),
    question("metrics of 30 days", null, () => ledger.listMetrics({ ...month, by: "window" })),
    question("metrics of 7 days of one prompt, hour by hour", COSTS, () =>
      ledger.listMetrics({ since: end - 7 * DAY_MS, until: end, prompt }),
    ),
  ];
}

async function timeQuestion({ name, budget, slow, ask }: Question, count: number): Promise<Figure[]> {
  const times = slow === true ? Math.ceil(count / 20) : count;
  const warmup = slow === true ? 1 : WARMUP;
  const samples = new Float64Array(times);
  for (let index = -warmup; index < times; index += 1) {
    const start = performance.now();
    await ask(index + warmup);
    if (index >= 0) samples[index] = performance.now() - start;
  }
  const { p50, p99 } = quantilesOf(samples);
  const median = figure(`${name}, p50`, p50, "ms");
  return [budget === null ? median : against(median, budget), figure(`${name}, p99`, p99, "ms")];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const rows = Number(process.argv[2] ?? 10_000_000);
  const { figures } = await measurePostgresReads({ rows, questions: 100, say: console.error });
  for (const one of figures) console.log(one);
}
