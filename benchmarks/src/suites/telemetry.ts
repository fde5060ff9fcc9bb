/** What OpenTelemetry adds to a recorded call: with none, with an API that does nothing, with an SDK that batches. */
import { ProxyTracerProvider } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { type Colophon, open } from "colophon";
import { openTelemetry, type TelemetryOptions } from "colophon/telemetry";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { medianQuantiles, type Quantiles, quantilesOf } from "../measure/quantiles.ts";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import { timeCalls } from "../measure/time-calls.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { chatAnswer } from "../workload/chat-answer.ts";
import { declarePrompt, type MeasuredPrompt } from "../workload/declare-prompts.ts";
import { promptBody, promptVariables } from "../workload/prompt-body.ts";
import { ENVIRONMENT, type PromptGroup, promptKey, registrySnapshot } from "../workload/prompt-registry.ts";

const GROUP: PromptGroup = { name: "traced", prompts: 20, versions: 1 };
const CALLS_PER_TURN = 16;
/** Looks for telemetry between two readings of the clock, which cost more than one look. */
const LOOKS = 1_000;

interface Scale {
  readonly rounds: number;
  readonly calls: number;
}

const FULL: Scale = { rounds: 7, calls: 10_000 };
const QUICK: Scale = { rounds: 1, calls: 200 };

interface Variant {
  readonly name: string;
  readonly telemetry: TelemetryOptions | false;
}

/** Takes spans as an exporter does, and sends them nowhere. */
const NOWHERE: SpanExporter = {
  export: (_spans, done) => done({ code: 0 }),
  shutdown: () => Promise.resolve(),
};

function variants(provider: TracerProvider): readonly Variant[] {
  const context = new AsyncLocalStorageContextManager().enable();
  return [
    { name: "switched off", telemetry: false },
    { name: "nothing registered", telemetry: {} },
    { name: "an API that does nothing", telemetry: { api: { trace: new ProxyTracerProvider(), context } } },
    { name: "an SDK that batches", telemetry: { api: { trace: provider, context } } },
  ];
}

async function timeRound(
  colophon: Colophon,
  prompts: readonly MeasuredPrompt[],
  calls: number,
): Promise<Quantiles> {
  const samples = new Float64Array(calls);
  for (let index = 0; index < calls; index += 1) {
    const prompt = prompts[index % prompts.length] as MeasuredPrompt;
    const variables = promptVariables(index);
    const answer = Promise.resolve(chatAnswer(index));
    const start = process.hrtime.bigint();
    await colophon.resolve(prompt, { user: "ada" }).record(variables, () => answer);
    samples[index] = Number(process.hrtime.bigint() - start);
    if (index % CALLS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return quantilesOf(samples);
}

interface OpenVariant {
  readonly name: string;
  readonly colophon: Colophon;
  readonly rounds: Quantiles[];
}

/** Round by round in turns, so that what disturbs the machine disturbs all of them. */
async function timeVariants(
  opened: readonly OpenVariant[],
  prompts: readonly MeasuredPrompt[],
  { rounds, calls }: Scale,
): Promise<void> {
  for (let round = 0; round <= rounds; round += 1) {
    for (const { colophon, rounds: measured } of opened) {
      const quantiles = await timeRound(colophon, prompts, calls);
      if (round > 0) measured.push(quantiles);
    }
  }
}

/** Nanoseconds that a call pays for looking, where nothing is registered. */
function timeLooks({ rounds }: Scale): Figure {
  const telemetry = openTelemetry();
  const start = {} as never;
  const { p50 } = timeCalls(
    () => {
      let found = 0;
      for (let look = 0; look < LOOKS; look += 1) {
        if (telemetry.active() !== undefined) found += 1;
        if (telemetry.begin(start) !== undefined) found += 1;
        telemetry.measure(start);
      }
      return found;
    },
    { rounds, calls: 1_000 },
  );
  return against(figure("nothing registered, all looks of one call, p50", p50 / LOOKS, "ns"), atMost(50));
}

export async function telemetry({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const scale = quick ? QUICK : FULL;
  const looks = timeLooks(scale);
  const folder = temporaryFolder();
  const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: NOWHERE })] });
  const prompts = Array.from({ length: GROUP.prompts }, (_, index) =>
    declarePrompt(promptKey(GROUP.name, index), promptBody(20_000_000 + index)),
  );
  const snapshot = registrySnapshot([GROUP]);
  const common = { snapshot, environment: ENVIRONMENT, onNotice: () => undefined };
  const opened = variants(provider).map(({ name, telemetry: option }, index) => {
    const colophon = open({ ...common, store: `${folder.path}/${index}/.colophon`, telemetry: option });
    return { name, colophon, rounds: [] };
  });
  for (const { colophon } of opened) await colophon.ready();
  say("records with and without telemetry");
  await timeVariants(opened, prompts, scale);
  for (const { colophon } of opened) await colophon.close();
  await provider.shutdown();
  folder.remove();
  const found = opened.map(({ name, rounds }) => ({ name, ...medianQuantiles(rounds) }));
  return {
    figures: [
      looks,
      ...found.flatMap(({ name, p50, p99 }) => [
        figure(`a record, ${name}, p50`, p50 / 1000, "µs"),
        figure(`a record, ${name}, p99`, p99 / 1000, "µs"),
      ]),
    ],
    notes: [
      `${scale.rounds} rounds of ${scale.calls.toLocaleString("en-US")} calls for each, in turns; a row in the embedded store each. The figures are the medians of the rounds.`,
      "The SDK that batches makes a span per call and hands it to an exporter that sends it nowhere.",
    ],
  };
}
