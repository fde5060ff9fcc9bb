/** The same prompt with the same variables through the Langfuse client and through Colophon, in turns, in one process. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LangfuseClient } from "@langfuse/client";
import { configureGlobalLogger, LogLevel } from "@langfuse/core";
import { type Colophon, open } from "colophon";
import { against, atLeast, type Figure, figure } from "../figure.ts";
import { medianQuantiles, type Quantiles, quantilesOf } from "../measure/quantiles.ts";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { callContexts } from "../workload/call-context.ts";
import { type ChatAnswer, chatAnswer } from "../workload/chat-answer.ts";
import { declarePrompt, type MeasuredPrompt } from "../workload/declare-prompts.ts";
import { type PromptVariables, promptBody, promptVariables } from "../workload/prompt-body.ts";
import { ENVIRONMENT, promptKey, registrySnapshot } from "../workload/prompt-registry.ts";

const PROMPTS = 100;
const GROUP = "compared";
/** Longer than any run: neither side fetches anything while it is measured. */
const CACHE_SECONDS = 86_400;

const KEYS = Array.from({ length: PROMPTS }, (_, index) => promptKey(GROUP, index));
/** As `registrySnapshot` numbers its bodies. */
const BODIES = KEYS.map((_key, index) => promptBody(index + 1));
const VARIABLES: readonly PromptVariables[] = Array.from({ length: 1024 }, (_, index) =>
  promptVariables(index),
);

interface Contender {
  readonly name: "langfuse" | "rendered" | "recorded";
  /** Makes one call and gives its text. */
  readonly call: (index: number) => string | Promise<string>;
}

/** Serves the prompts as Langfuse's own API does. */
async function servePrompts(): Promise<Server> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(
      new URL(request.url ?? "/", "http://localhost").pathname.split("/").pop() ?? "",
    );
    const prompt = BODIES[KEYS.indexOf(name)];
    response.writeHead(prompt === undefined ? 404 : 200, { "content-type": "application/json" });
    const more = {
      version: 1,
      type: "text",
      labels: ["production"],
      tags: [],
      config: {},
      commitMessage: null,
    };
    response.end(
      JSON.stringify(prompt === undefined ? { message: "Prompt not found" } : { name, prompt, ...more }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function langfuseContender(port: number): Contender {
  configureGlobalLogger({ level: LogLevel.ERROR });
  const client = new LangfuseClient({
    baseUrl: `http://127.0.0.1:${port}`,
    publicKey: "pk-bench",
    secretKey: "sk-bench",
  });
  const options = { type: "text", cacheTtlSeconds: CACHE_SECONDS } as const;
  return {
    name: "langfuse",
    call: async (index) => {
      const prompt = await client.prompt.get(KEYS[index % PROMPTS] as string, options);
      return prompt.compile({ ...VARIABLES[index & 1023] });
    },
  };
}

function colophonContenders(colophon: Colophon): readonly Contender[] {
  const prompts = KEYS.map((key, index) => declarePrompt(key, BODIES[index] as string));
  const next = callContexts(1);
  const contexts = Array.from({ length: 4096 }, next);
  const answers: readonly Promise<ChatAnswer>[] = VARIABLES.map((_, index) =>
    Promise.resolve(chatAnswer(index)),
  );
  const resolve = (index: number) =>
    colophon.resolve(prompts[index % PROMPTS] as MeasuredPrompt, contexts[index & 4095]);
  return [
    {
      name: "rendered",
      call: (index) =>
        resolve(index).render(VARIABLES[index & 1023] as PromptVariables).messages[0]?.content ?? "",
    },
    {
      name: "recorded",
      call: async (index) => {
        let text = "";
        await resolve(index).record(VARIABLES[index & 1023] as PromptVariables, (prompt) => {
          text = prompt.messages[0]?.content ?? "";
          return answers[index & 1023] as Promise<ChatAnswer>;
        });
        return text;
      },
    },
  ];
}

/** Nanoseconds per call, the text flattened as sending it does; what needs no promise is not made to wait for one. */
async function timeContender({ call }: Contender, calls: number, offset: number): Promise<Quantiles> {
  const samples = new Float64Array(calls);
  let bytes = 0;
  for (let index = 0; index < calls; index += 1) {
    const start = process.hrtime.bigint();
    const answer = call(offset + index);
    bytes += Buffer.byteLength(typeof answer === "string" ? answer : await answer);
    samples[index] = Number(process.hrtime.bigint() - start);
  }
  if (bytes === 0) throw new Error("A contender gave no text.");
  return quantilesOf(samples);
}

/** All must give the same text, or the comparison says nothing. */
async function checkSame(contenders: readonly Contender[]): Promise<void> {
  for (let index = 0; index < PROMPTS; index += 1) {
    const texts = new Set<string>();
    for (const { call } of contenders) texts.add(await call(index));
    if (texts.size !== 1) throw new Error(`The contenders disagree about the text of ${KEYS[index]}.`);
  }
}

interface Scale {
  readonly rounds: number;
  readonly calls: number;
}

async function race(
  contenders: readonly Contender[],
  { rounds, calls }: Scale,
): Promise<ReadonlyMap<string, Quantiles>> {
  const measured = new Map(contenders.map(({ name }) => [name, [] as Quantiles[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const found = await timeContender(contender, calls, round * calls);
      // The first round warms up.
      if (round > 0) measured.get(contender.name)?.push(found);
    }
  }
  return new Map([...measured].map(([name, found]) => [name, medianQuantiles(found)]));
}

type Found = ReadonlyMap<string, Quantiles>;

function of(found: Found, name: Contender["name"]): Quantiles {
  return found.get(name) as Quantiles;
}

function ratio(found: Found, name: Contender["name"]): number {
  return of(found, "langfuse").p50 / of(found, name).p50;
}

function figuresOf(many: Found, one: Found): readonly Figure[] {
  const times = (label: string, { p50, p99 }: Quantiles): readonly Figure[] => [
    figure(`${label}, p50`, p50 / 1000, "µs"),
    figure(`${label}, p99`, p99 / 1000, "µs"),
  ];
  return [
    against(figure("resolve + render, times as fast as Langfuse", ratio(many, "rendered"), "x"), atLeast(5)),
    against(figure("the same with one prompt alone", ratio(one, "rendered"), "x"), atLeast(5)),
    figure("resolve + render + durable row, times as fast as Langfuse", ratio(many, "recorded"), "x"),
    ...times("Langfuse cached get + compile", of(many, "langfuse")),
    ...times("resolve + render", of(many, "rendered")),
    ...times("resolve + render + durable row", of(many, "recorded")),
    figure("Langfuse with one prompt alone, p50", of(one, "langfuse").p50 / 1000, "µs"),
    figure("resolve + render with one prompt alone, p50", of(one, "rendered").p50 / 1000, "µs"),
  ];
}

/** The same contender, asked for the first prompt alone: what it keeps by prompt is always at hand. */
function onePrompt({ name, call }: Contender): Contender {
  return { name, call: (index) => call(index * PROMPTS) };
}

export async function langfuse({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const folder = temporaryFolder();
  const server = await servePrompts();
  const snapshot = registrySnapshot([{ name: GROUP, prompts: PROMPTS, versions: 1 }]);
  const colophon = open({
    snapshot,
    environment: ENVIRONMENT,
    store: folder.path,
    onNotice: () => undefined,
  });
  const contenders = [
    langfuseContender((server.address() as AddressInfo).port),
    ...colophonContenders(colophon),
  ];
  await colophon.ready();
  await checkSame(contenders);
  await colophon.flush();
  say("taking turns");
  const scale = quick ? { rounds: 1, calls: 500 } : { rounds: 9, calls: 20_000 };
  const many = await race(contenders, scale);
  say("taking turns with one prompt");
  const one = await race(contenders.slice(0, 2).map(onePrompt), scale);
  await colophon.close();
  server.close();
  folder.remove();
  return {
    figures: figuresOf(many, one),
    notes: [
      "A local stub serves the prompts to the Langfuse client once; then both read from memory. Langfuse keeps no row of a call by this.",
      `${PROMPTS} prompts, one after the other; then one alone.`,
      "Rounds of the contenders take turns in one process; each figure is the median of its rounds.",
    ],
  };
}
