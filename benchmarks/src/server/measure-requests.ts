/** How often a server answers in a second, beside a bare Hono server that answers the same bytes in the same run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Figure, figure } from "../figure.ts";
import { quantilesOf } from "../measure/quantiles.ts";
import { ENVIRONMENT } from "../workload/prompt-registry.ts";
import type { HttpRequest } from "./http-connection.ts";
import type { RequestJob, RequestsDone } from "./request-load.ts";
import { type ServedScale, type ServedStore, servedPrompt } from "./served-store.ts";
import { type BareAnswers, startBare, startColophon } from "./start-servers.ts";
import { runJob } from "./started-process.ts";
import { withServedStore } from "./with-served-store.ts";

export interface RequestsScale {
  readonly registry: ServedScale;
  readonly rounds: number;
  /** Of each question to each server in a round. */
  readonly seconds: number;
  readonly connections: number;
}

interface Question {
  readonly name: string;
  readonly status: number;
  readonly request: Omit<HttpRequest, "key">;
}

interface Measured {
  readonly name: string;
  /** Answers in a second, by round. */
  readonly colophon: number[];
  readonly bare: number[];
}

const LOAD = new URL("./request-load.ts", import.meta.url);
const SNAPSHOT = { method: "GET", path: `/snapshot?environment=${ENVIRONMENT}` } as const;
const RESOLUTION = {
  method: "POST",
  path: `/prompts/${servedPrompt(0)}/resolutions`,
  body: JSON.stringify({ environment: ENVIRONMENT, user: "user-1" }),
} as const;

export function measureRequests(
  scale: RequestsScale,
  say: (message: string) => void,
): Promise<readonly Figure[]> {
  return withServedStore({ kind: "SQLite", registry: scale.registry }, async (served) => {
    const colophon = await startColophon(served);
    const answers = await answersOf(colophon.port, served);
    const file = join(served.cwd, "answers.json");
    writeFileSync(file, JSON.stringify(answers));
    const bare = await startBare(file);
    try {
      const ports = { colophon: colophon.port, bare: bare.port };
      const questions = questionsOf(answers);
      const measured = await inTurns({ questions, ports, keys: served.keys, scale, say });
      const size = Buffer.byteLength(answers.snapshot) / 1024;
      return [...measured.flatMap(figuresOf), figure("a snapshot", size, "KiB")];
    } finally {
      await bare.end();
      await colophon.end();
    }
  });
}

function questionsOf({ etag }: BareAnswers): readonly Question[] {
  const headers = { "if-none-match": etag };
  return [
    { name: "snapshot, whole", status: 200, request: SNAPSHOT },
    { name: "snapshot, unchanged", status: 304, request: { ...SNAPSHOT, headers } },
    { name: "resolve", status: 200, request: RESOLUTION },
  ];
}

/** What the server says, for the bare one to say the same. */
async function answersOf(port: number, { keys }: ServedStore): Promise<BareAnswers> {
  const ask = async ({ method, path, ...more }: { path: string; method: string; body?: string }) => {
    const headers = { authorization: `Bearer ${keys[0]}`, "content-type": "application/json" };
    const answer = await fetch(`http://127.0.0.1:${port}/v1/projects/~${path}`, { method, headers, ...more });
    if (!answer.ok)
      throw new Error(`The server answered ${answer.status} to ${path}: ${await answer.text()}`);
    return { etag: answer.headers.get("etag") ?? "", text: await answer.text() };
  };
  const [whole, resolved] = [await ask(SNAPSHOT), await ask(RESOLUTION)];
  return { snapshot: whole.text, etag: whole.etag, resolution: resolved.text };
}

interface Turns {
  readonly questions: readonly Question[];
  readonly ports: Readonly<Record<"colophon" | "bare", number>>;
  readonly keys: readonly string[];
  readonly scale: RequestsScale;
  readonly say: (message: string) => void;
}

/** Each question to one server and at once to the other, so that a busy minute of the machine falls on both. */
async function inTurns({ questions, ports, keys, scale, say }: Turns): Promise<readonly Measured[]> {
  const { rounds, seconds, connections } = scale;
  const measured = questions.map(({ name }): Measured => ({ name, colophon: [], bare: [] }));
  for (let round = -1; round < rounds; round += 1) {
    if (round >= 0) say(`round ${round + 1} of ${rounds}`);
    for (const [at, { status, request }] of questions.entries()) {
      for (const who of ["colophon", "bare"] as const) {
        const job: RequestJob = { port: ports[who], request, keys, status, connections, seconds };
        const { answers, milliseconds } = await runJob<RequestsDone>(LOAD, job);
        // The first round warms up.
        if (round >= 0) measured[at]?.[who].push((answers / milliseconds) * 1000);
      }
    }
  }
  return measured;
}

function figuresOf({ name, colophon, bare }: Measured): readonly Figure[] {
  const median = (values: readonly number[]): number => quantilesOf(Float64Array.from(values)).p50;
  const ratios = colophon.map((own, round) => own / (bare[round] as number));
  return [
    figure(name, median(colophon), "answers/s"),
    figure(`${name}, bare Hono`, median(bare), "answers/s"),
    figure(`${name}, to bare Hono`, median(ratios), "×"),
  ];
}
