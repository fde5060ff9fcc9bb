/** Watches a `ReadableStream` of the platform's, which is read in more ways than as an iterator. */
import { override } from "./override.ts";

interface Reader {
  read(...view: unknown[]): Promise<IteratorResult<unknown>>;
  cancel(reason?: unknown): Promise<void>;
}

interface Readable extends AsyncIterable<unknown> {
  readonly locked: boolean;
  getReader(...options: unknown[]): Reader;
  values(options?: unknown): AsyncIterator<unknown>;
  cancel(reason?: unknown): Promise<void>;
  pipeTo(...way: unknown[]): Promise<void>;
  pipeThrough(...way: unknown[]): unknown;
  tee(): readonly Readable[];
}

interface Controller {
  enqueue(chunk: unknown): void;
  close(): void;
}

interface Source {
  pull(controller: Controller): Promise<void>;
  cancel(reason?: unknown): Promise<void>;
}

type ReadableClass = new (source: Source, strategy: { readonly highWaterMark: number }) => Readable;

/** Reads on as the iterator that it is given does, and tells how it went. */
export type WatchIterator = (inner: AsyncIterator<unknown>) => Required<AsyncIterator<unknown>>;

function readableClass(): ReadableClass | undefined {
  return (globalThis as { readonly ReadableStream?: ReadableClass }).ReadableStream;
}

export function isReadable(stream: object): stream is Readable {
  const Class = readableClass();
  return Class !== undefined && stream instanceof Class;
}

/** All readers that it has one after the other are watched as one. */
export function watchReadable(stream: Readable, watched: WatchIterator): void {
  const { getReader, values, cancel, pipeTo, pipeThrough, tee } = stream;
  let inner: AsyncIterator<unknown>;
  const one = watched({ next: (...view) => inner.next(...view), return: async (reason) => left(reason) });
  const left = async (reason: unknown) =>
    (await inner.return?.(reason)) ?? { done: true as const, value: reason };
  const seen = (reader: Reader): Reader => {
    const { read, cancel: leave } = reader;
    const its: AsyncIterator<unknown> = {
      next: (...view) => read.apply(reader, view),
      return: async (reason) => ({ done: true, value: await leave.call(reader, reason) }),
    };
    override(reader, "read", (...view: [] | [undefined]) => {
      inner = its;
      return one.next(...view);
    });
    override(reader, "cancel", async (reason?: unknown) => {
      inner = its;
      await one.return(reason);
    });
    return reader;
  };
  const iterate = (options?: unknown): AsyncIterator<unknown> => {
    inner = values.call(stream, options);
    return one;
  };
  // Piped by what reads it in its stead; one that is locked already says so itself.
  const piped = (): Readable => (stream.locked ? stream : throughReader(seen(getReader.call(stream))));
  override(stream, "getReader", (...options: unknown[]) => seen(getReader.apply(stream, options)));
  // An iteration of its maker's own, as the AI SDK's streams have, goes through a reader.
  if (stream[Symbol.asyncIterator] === values) override(stream, Symbol.asyncIterator, iterate);
  override(stream, "values", iterate);
  override(stream, "pipeTo", (...way: unknown[]) => pipeTo.apply(piped(), way));
  override(stream, "pipeThrough", (...way: unknown[]) => pipeThrough.apply(piped(), way));
  override(stream, "cancel", async (reason?: unknown) => {
    if (stream.locked) return cancel.call(stream, reason);
    inner = { next: never, return: async () => ({ done: true, value: await cancel.call(stream, reason) }) };
    await one.return(reason);
  });
  override(stream, "tee", () => {
    const halves = tee.call(stream);
    for (const half of halves) watchReadable(half, watched);
    return halves;
  });
}

function never(): never {
  throw new Error("A stream that is cancelled is not read.");
}

/** Without a mark of 0 it would read one chunk ahead. */
function throughReader(reader: Reader): Readable {
  const Class = readableClass() as ReadableClass;
  const source: Source = {
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  };
  return new Class(source, { highWaterMark: 0 });
}
