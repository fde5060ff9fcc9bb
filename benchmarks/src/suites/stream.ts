/** What `record` adds to each chunk of a streamed answer, beside the same stream read without it. */
import { Stream as AnthropicStream } from "@anthropic-ai/sdk/core/streaming";
import { definePrompt } from "colophon";
import { testHarness } from "colophon/testing";
import { Stream as OpenAiStream } from "openai/core/streaming";
import { z } from "zod";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { quantilesOf } from "../measure/quantiles.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { chatChunks, messageEvents, responseEvents } from "../workload/streamed-answer.ts";

const CHUNKS = 2_000;

interface Scale {
  readonly warmup: number;
  readonly answers: number;
}

const FULL: Scale = { warmup: 100, answers: 1_000 };
const QUICK: Scale = { warmup: 1, answers: 3 };

interface Format {
  readonly name: string;
  readonly chunks: readonly object[];
  /** A stream object of the real client's class, fed from memory. */
  readonly streamOf: (chunks: () => AsyncIterator<unknown>) => AsyncIterable<unknown>;
}

const FORMATS: readonly Format[] = [
  {
    name: "chat completion",
    chunks: chatChunks(CHUNKS),
    streamOf: (chunks) => new OpenAiStream(chunks, new AbortController()),
  },
  {
    name: "response",
    chunks: responseEvents(CHUNKS),
    streamOf: (chunks) => new OpenAiStream(chunks, new AbortController()),
  },
  {
    name: "Anthropic message",
    chunks: messageEvents(CHUNKS),
    streamOf: (chunks) => new AnthropicStream(chunks, new AbortController()),
  },
];

const prompt = definePrompt({
  key: "bench.stream",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "Summarise.\n{{ticket}}",
});

async function* feed(chunks: readonly object[]): AsyncGenerator<object> {
  for (const chunk of chunks) yield chunk;
}

/** Nanoseconds until the application has read the whole stream. */
async function timeReading(stream: () => AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  const start = process.hrtime.bigint();
  for await (const _ of stream()) count += 1;
  const time = Number(process.hrtime.bigint() - start);
  if (count !== CHUNKS) throw new Error(`The stream had ${count} chunks.`);
  return time;
}

async function measureFormat({ name, chunks, streamOf }: Format, scale: Scale): Promise<Figure[]> {
  const make = (): AsyncIterable<unknown> => streamOf(() => feed(chunks));
  const bare = new Float64Array(scale.answers);
  const recorded = new Float64Array(scale.answers);
  const added = new Float64Array(scale.answers);
  for (let index = -scale.warmup; index < scale.answers; index += 1) {
    // Rows pile up in a harness, so that each answer gets one of its own.
    const harness = testHarness();
    const call = harness.resolve(prompt);
    // One after the other, so that whatever else the machine does hits both alike.
    const without = await timeReading(make);
    const within = await timeReading(() => call.record({ ticket: "T" }, make));
    const { status, outputLength } = harness.executions()[0] ?? {};
    if (status !== "ok" || !outputLength) throw new Error(`The ${name} was not read: ${status}.`);
    if (index < 0) continue;
    bare[index] = without / CHUNKS;
    recorded[index] = within / CHUNKS;
    added[index] = (within - without) / CHUNKS;
  }
  const perChunk = (what: string, nanoseconds: number): Figure =>
    figure(`${name}, ${what}`, nanoseconds / 1000, "µs");
  const [less, more] = [quantilesOf(bare), quantilesOf(recorded)];
  return [
    against(perChunk("record adds to a chunk, p50", quantilesOf(added).p50), atMost(2)),
    perChunk("a chunk without record, p50", less.p50),
    perChunk("a chunk with record, p50", more.p50),
    perChunk("a chunk without record, p99", less.p99),
    perChunk("a chunk with record, p99", more.p99),
  ];
}

export async function stream({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const scale = quick ? QUICK : FULL;
  const figures: Figure[] = [];
  for (const format of FORMATS) {
    say(format.name);
    figures.push(...(await measureFormat(format, scale)));
  }
  return {
    figures,
    notes: [
      `${scale.answers.toLocaleString("en-US")} answers of ${CHUNKS.toLocaleString("en-US")} chunks, each read without record and then through it, as fast as one process can.`,
      "Streams are objects of the clients' own class, fed from memory: what a client spends on receiving and parsing is in neither figure.",
      "A sample is an answer as a whole, divided by its chunks.",
      "Rendering and the row are in what record adds, spread over the chunks; the row stays in memory, since what its writing costs is the suite record's.",
    ],
  };
}
