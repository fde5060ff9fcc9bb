/** Tests that a stream of the platform's is watched in whichever way it is read. */
import { describe, expect, it } from "vitest";
import { declarationOf, documentOf, openStage, type Stage, textOf } from "./runtime.fixture.ts";

const declaration = declarationOf("support.triage", textOf("code {{ticket}}"));

const CHUNKS = ["bill", "ing"].map((content, index) => ({
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta: { content }, finish_reason: index === 1 ? "stop" : null }],
}));

interface Opened extends Stage {
  readonly stream: ReadableStream<unknown>;
  readonly pulled: () => number;
  readonly cancelled: () => unknown;
}

function open(failure?: Error, change: (stream: ReadableStream<unknown>) => void = () => undefined): Opened {
  const stage = openStage(documentOf({}));
  let pulled = 0;
  let cancelled: unknown;
  const made = new ReadableStream<unknown>(
    {
      pull(controller) {
        const chunk = CHUNKS[pulled++];
        if (chunk !== undefined) controller.enqueue(chunk);
        else if (failure !== undefined) controller.error(failure);
        else controller.close();
      },
      cancel(reason) {
        cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  change(made);
  const call = stage.runtime.resolve<{ ticket: string }>(declaration);
  const stream = call.record({ ticket: "T" }, () => made);
  expect(stream).toBe(made);
  return { ...stage, stream, pulled: () => pulled, cancelled: () => cancelled };
}

async function listOf(stream: ReadableStream<unknown>): Promise<unknown[]> {
  const reader = stream.getReader();
  const list: unknown[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) list.push(part.value);
  return list;
}

async function iterated(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const part of stream) list.push(part);
  return list;
}

async function piped(stream: ReadableStream<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  await stream.pipeTo(new WritableStream({ write: (part) => void list.push(part) }));
  return list;
}

/** As the AI SDK makes its streams: iterated through a reader, by a method of their own. */
function withOwnIteration(stream: ReadableStream<unknown>): void {
  Object.assign(stream, {
    [Symbol.asyncIterator](this: ReadableStream<unknown>) {
      const reader = this.getReader();
      return { next: () => reader.read() };
    },
  });
}

describe("a stream of the platform's", () => {
  it.each<readonly [string, (stream: ReadableStream<unknown>) => Promise<unknown[]>]>([
    ["a reader", listOf],
    ["iteration", iterated],
    ["iteration by its values", (stream) => iterated(stream.values())],
    ["a pipe", piped],
    ["a transform", (stream) => listOf(stream.pipeThrough(new TransformStream()))],
    ["one of its halves", (stream) => listOf(stream.tee()[1])],
  ])("that is read by %s is a row of what was read", async (_, read) => {
    const { stream, sink } = open();
    expect(sink.rows).toEqual([]);
    expect(await read(stream)).toEqual(CHUNKS);
    expect(sink.row).toMatchObject({ status: "ok", outputLength: 7, finishReason: "stop" });
  });

  it("with an iteration of its own keeps it", async () => {
    const { stream, sink } = open(undefined, withOwnIteration);
    expect(await iterated(stream)).toEqual(CHUNKS);
    expect(sink.row).toMatchObject({ status: "ok", outputLength: 7 });
  });

  it("is read no further than the application reads it, by one reader after the other", async () => {
    const { stream, sink, pulled } = open();
    const first = stream.getReader();
    expect(await first.read()).toEqual({ done: false, value: CHUNKS[0] });
    expect(pulled()).toBe(1);
    first.releaseLock();
    expect(await listOf(stream)).toEqual([CHUNKS[1]]);
    expect(sink.row).toMatchObject({ status: "ok", outputLength: 7 });
  });

  it.each<readonly [string, (stream: ReadableStream<unknown>) => Promise<unknown>]>([
    ["itself", (stream) => stream.cancel("enough")],
    ["its reader", (stream) => stream.getReader().cancel("enough")],
  ])("that is cancelled by %s is aborted, and so is its source", async (_, cancel) => {
    const { stream, sink, cancelled } = open();
    await cancel(stream);
    expect(cancelled()).toBe("enough");
    expect(sink.row).toMatchObject({ status: "aborted" });
  });

  it.each([
    ["a reader", listOf],
    ["a pipe", piped],
  ])("that breaks off gives its own error to %s", async (_, read) => {
    const failure = new Error("cut");
    const { stream, sink } = open(failure);
    await expect(read(stream)).rejects.toBe(failure);
    expect(sink.row).toMatchObject({ status: "error", outputLength: 7 });
  });

  it("that is locked says so as ever, and goes on", async () => {
    const { stream, sink } = open();
    const reader = stream.getReader();
    expect(() => stream.getReader()).toThrow(TypeError);
    await expect(stream.cancel()).rejects.toThrow(TypeError);
    await expect(stream.pipeTo(new WritableStream())).rejects.toThrow(TypeError);
    expect(sink.rows).toEqual([]);
    for (let part = await reader.read(); !part.done; part = await reader.read());
    expect(sink.row).toMatchObject({ status: "ok" });
  });
});
