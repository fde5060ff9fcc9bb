/** Resolve, render and record an answer that is there at once: what a call costs with its durable row. */
import { type CaptureOption, type Colophon, open, type ResolveContext } from "colophon";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { medianQuantiles, type Quantiles, quantilesOf } from "../measure/quantiles.ts";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { callContexts } from "../workload/call-context.ts";
import { type ChatAnswer, chatAnswer } from "../workload/chat-answer.ts";
import { declarePrompt, type MeasuredPrompt } from "../workload/declare-prompts.ts";
import { promptBody, type PromptVariables, promptVariables } from "../workload/prompt-body.ts";
import { ENVIRONMENT, type PromptGroup, promptKey, registrySnapshot } from "../workload/prompt-registry.ts";

const GROUP: PromptGroup = { name: "recorded", prompts: 100, versions: 1 };
/** Calls between two turns of the event loop, in which checkpoints and seals may run. */
const CALLS_PER_TURN = 16;
const CODE_SEED = 10_000_000;

interface Scale {
  readonly rounds: number;
  readonly calls: number;
}

interface Variant {
  readonly name: string;
  readonly capture: CaptureOption;
  readonly context: (context: ResolveContext) => ResolveContext;
}

const VARIANTS: readonly Variant[] = [
  { name: "user, document, session and trace", capture: "none", context: (context) => context },
  { name: "the same with hashes of the contents", capture: "hash", context: (context) => context },
  { name: "a user alone", capture: "none", context: ({ user }) => (user === undefined ? {} : { user }) },
];

interface Call {
  readonly prompt: MeasuredPrompt;
  readonly context: ResolveContext;
  readonly variables: PromptVariables;
  readonly answer: Promise<ChatAnswer>;
}

/** Everything that the application brings along is made before its call is timed. */
function callsOf(prompts: readonly MeasuredPrompt[], count: number, context: () => ResolveContext): readonly Call[] {
  return Array.from({ length: count }, (_, index) => ({
    prompt: prompts[index % prompts.length] as MeasuredPrompt,
    context: context(),
    variables: promptVariables(index),
    answer: Promise.resolve(chatAnswer(index)),
  }));
}

interface Round {
  readonly calls: Quantiles;
  /** Nanoseconds of the longest turn of the event loop between calls. */
  readonly longestTurn: number;
}

async function timeCalls(colophon: Colophon, calls: readonly Call[]): Promise<Round> {
  const samples = new Float64Array(calls.length);
  let longestTurn = 0;
  for (const [index, { prompt, context, variables, answer }] of calls.entries()) {
    const start = process.hrtime.bigint();
    const call = colophon.resolve(prompt, context);
    await call.record(variables, (rendered) => {
      Buffer.byteLength(rendered.messages[0]?.content ?? "");
      return answer;
    });
    const end = process.hrtime.bigint();
    samples[index] = Number(end - start);
    if (index % CALLS_PER_TURN !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    longestTurn = Math.max(longestTurn, Number(process.hrtime.bigint() - end));
  }
  return { calls: quantilesOf(samples), longestTurn };
}

async function measureVariant(
  variant: Variant,
  prompts: readonly MeasuredPrompt[],
  { rounds, calls }: Scale,
): Promise<readonly Figure[]> {
  const folder = temporaryFolder();
  const { capture } = variant;
  const snapshot = registrySnapshot([GROUP]);
  const colophon = open({ snapshot, environment: ENVIRONMENT, store: folder.path, capture, onNotice: () => undefined });
  await colophon.ready();
  await colophon.flush();
  const next = callContexts(7);
  const found: Round[] = [];
  // The first round warms up, and meets most of the users and documents for the first time.
  for (let round = 0; round <= rounds; round += 1) {
    const measured = await timeCalls(colophon, callsOf(prompts, calls, () => variant.context(next())));
    if (round > 0) found.push(measured);
  }
  await colophon.close();
  folder.remove();
  const { p50, p99, p999 } = medianQuantiles(found.map((round) => round.calls));
  const longest = Math.max(...found.map((round) => round.calls.max));
  const turn = Math.max(...found.map((round) => round.longestTurn));
  return [
    against(figure(`${variant.name}, p50`, p50 / 1000, "µs"), atMost(40)),
    figure(`${variant.name}, p99`, p99 / 1000, "µs"),
    figure(`${variant.name}, p99.9`, p999 / 1000, "µs"),
    against(figure(`${variant.name}, longest call`, longest / 1e6, "ms"), atMost(20)),
    against(figure(`${variant.name}, longest turn between calls`, turn / 1e6, "ms"), atMost(20)),
  ];
}

export async function record({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const scale: Scale = quick ? { rounds: 1, calls: 300 } : { rounds: 5, calls: 40_000 };
  const prompts = Array.from({ length: GROUP.prompts }, (_, index) =>
    declarePrompt(promptKey(GROUP.name, index), promptBody(CODE_SEED + index)),
  );
  const figures: Figure[] = [];
  for (const variant of VARIANTS) {
    say(variant.name);
    figures.push(...(await measureVariant(variant, prompts, scale)));
  }
  return {
    figures,
    notes: [
      `${scale.rounds} rounds of ${scale.calls.toLocaleString("en-US")} calls, p50 and p99 as the median of the rounds, the longest of them all.`,
      "A call is timed from resolve until its promise has settled for the application; the row is in the store by then.",
    ],
  };
}
