/** Resolve, render and record an answer that is there at once: what a call costs with its durable row. */

import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { type CaptureOption, type Colophon, open, type ResolveContext } from "colophon";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { medianQuantiles, type Quantiles, quantilesOf } from "../measure/quantiles.ts";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { callContexts } from "../workload/call-context.ts";
import { type ChatAnswer, chatAnswer } from "../workload/chat-answer.ts";
import { declarePrompt, type MeasuredPrompt } from "../workload/declare-prompts.ts";
import { type PromptVariables, promptBody, promptVariables } from "../workload/prompt-body.ts";
import { ENVIRONMENT, type PromptGroup, promptKey, registrySnapshot } from "../workload/prompt-registry.ts";

const GROUP: PromptGroup = { name: "recorded", prompts: 100, versions: 1 };
/** Calls between two turns of the event loop, in which checkpoints and seals may run. */
const CALLS_PER_TURN = 16;
const CODE_SEED = 10_000_000;

interface Scale {
  readonly rounds: number;
  readonly calls: number;
  /** A busy application's, for the longest hold of the event loop. */
  readonly pace: Pace;
}

interface Pace {
  readonly calls: number;
  readonly perSecond: number;
}

const FULL: Scale = { rounds: 5, calls: 40_000, pace: { calls: 4_500, perSecond: 300 } };
const QUICK: Scale = { rounds: 1, calls: 300, pace: { calls: 60, perSecond: 300 } };

interface Variant {
  readonly name: string;
  readonly capture: CaptureOption;
  readonly context: (context: ResolveContext) => ResolveContext;
}

/** The first is the call of the README, which the budget is about. */
const VARIANTS: readonly Variant[] = [
  { name: "a user", capture: "none", context: ({ user }) => (user === undefined ? {} : { user }) },
  { name: "user, document, session, trace", capture: "none", context: (context) => context },
  { name: "the same with hashes of contents", capture: "hash", context: (context) => context },
];

interface Call {
  readonly prompt: MeasuredPrompt;
  readonly context: ResolveContext;
  readonly variables: PromptVariables;
  readonly answer: Promise<ChatAnswer>;
}

/** Everything that the application brings along is made before its call is timed. */
function callsOf(
  prompts: readonly MeasuredPrompt[],
  count: number,
  context: () => ResolveContext,
): readonly Call[] {
  return Array.from({ length: count }, (_, index) => ({
    prompt: prompts[index % prompts.length] as MeasuredPrompt,
    context: context(),
    variables: promptVariables(index),
    answer: Promise.resolve(chatAnswer(index)),
  }));
}

/** Makes one call; nanoseconds from its resolution until its promise has settled for the application. */
async function timeCall(colophon: Colophon, { prompt, context, variables, answer }: Call): Promise<number> {
  const start = process.hrtime.bigint();
  await colophon.resolve(prompt, context).record(variables, (rendered) => {
    // Flattens the text, as sending it does.
    Buffer.byteLength(rendered.messages[0]?.content ?? "");
    return answer;
  });
  return Number(process.hrtime.bigint() - start);
}

/** As fast as one process can. */
async function timeRound(colophon: Colophon, calls: readonly Call[]): Promise<Quantiles> {
  const samples = new Float64Array(calls.length);
  for (const [index, call] of calls.entries()) {
    samples[index] = await timeCall(colophon, call);
    if (index % CALLS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return quantilesOf(samples);
}

interface Holds {
  /** Milliseconds of the longest call. */
  readonly call: number;
  /** Milliseconds by which the event loop was late at most: what runs beside the calls. */
  readonly loop: number;
}

/** At a steady pace, with the event loop's delay watched all the while. */
async function timeHolds(
  makeCall: (index: number) => Promise<number>,
  { calls, perSecond }: Pace,
): Promise<Holds> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let longest = 0;
  delay.enable();
  const start = performance.now();
  for (let index = 0; index < calls; index += 1) {
    longest = Math.max(longest, await makeCall(index));
    await pause(Math.max(0, start + ((index + 1) * 1000) / perSecond - performance.now()));
  }
  delay.disable();
  return { call: longest / 1e6, loop: delay.max / 1e6 };
}

/** Opens a store of its own for a task, and removes it afterwards. */
async function withStore<T>(capture: CaptureOption, task: (colophon: Colophon) => Promise<T>): Promise<T> {
  const folder = temporaryFolder();
  const snapshot = registrySnapshot([GROUP]);
  const colophon = open({
    snapshot,
    environment: ENVIRONMENT,
    store: folder.path,
    capture,
    onNotice: () => undefined,
  });
  await colophon.ready();
  await colophon.flush();
  const result = await task(colophon);
  await colophon.close();
  folder.remove();
  return result;
}

async function measureVariant(
  variant: Variant,
  prompts: readonly MeasuredPrompt[],
  scale: Scale,
): Promise<Figure[]> {
  const { capture, name } = variant;
  const next = callContexts(7);
  const make = (count: number): readonly Call[] => callsOf(prompts, count, () => variant.context(next()));
  const holds = await withStore(capture, async (colophon) => {
    const calls = make(scale.pace.calls);
    return timeHolds((index) => timeCall(colophon, calls[index] as Call), scale.pace);
  });
  const found = await withStore(capture, async (colophon) => {
    const rounds: Quantiles[] = [];
    // The first round warms up, and meets most of the users and documents for the first time.
    for (let round = 0; round <= scale.rounds; round += 1) {
      const measured = await timeRound(colophon, make(scale.calls));
      if (round > 0) rounds.push(measured);
    }
    return rounds;
  });
  const { p50, p99, p999 } = medianQuantiles(found);
  return [
    figure(`${name}, p50`, p50 / 1000, "µs"),
    figure(`${name}, p99`, p99 / 1000, "µs"),
    figure(`${name}, p99.9`, p999 / 1000, "µs"),
    figure(`${name}, longest call at full speed`, Math.max(...found.map(({ max }) => max)) / 1e6, "ms"),
    against(figure(`${name}, longest call at ${scale.pace.perSecond} calls/s`, holds.call, "ms"), atMost(20)),
    figure(`${name}, longest delay of the event loop at ${scale.pace.perSecond} calls/s`, holds.loop, "ms"),
  ];
}

/** How late the same loop is on this machine when it does nothing. */
async function idleDelay({ pace }: Scale): Promise<Figure> {
  const { loop } = await timeHolds(() => Promise.resolve(0), pace);
  return figure("longest delay of the event loop with nothing to do", loop, "ms");
}

export async function record({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const scale = quick ? QUICK : FULL;
  const prompts = Array.from({ length: GROUP.prompts }, (_, index) =>
    declarePrompt(promptKey(GROUP.name, index), promptBody(CODE_SEED + index)),
  );
  const figures: Figure[] = [];
  for (const variant of VARIANTS) {
    say(variant.name);
    figures.push(...(await measureVariant(variant, prompts, scale)));
  }
  const [budgeted, ...others] = figures as [Figure, ...Figure[]];
  return {
    figures: [against(budgeted, atMost(40)), ...others, await idleDelay(scale)],
    notes: [
      `${scale.rounds} rounds of ${scale.calls.toLocaleString("en-US")} calls, one after the other as fast as one process can; p50 to p99.9 are the medians of the rounds.`,
      "A call is timed from resolve until its promise has settled for the application; the row is in the store by then.",
      "Users are 20,000 and documents 50,000: one that is new to the store costs its own row and a transaction more.",
    ],
  };
}
