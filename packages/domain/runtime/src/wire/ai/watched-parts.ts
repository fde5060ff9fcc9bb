/** Puts an observer into a stream of the AI SDK: one that passes every part on, and asks for none itself. */
import type { Ending } from "../../recording.ts";
import { AiParts } from "./ai-parts.ts";

/** A `ReadableStream`, as far as it is used here. */
export interface PartStream {
  getReader(): {
    read(): PromiseLike<{ readonly done: boolean; readonly value?: unknown }>;
    cancel(reason?: unknown): PromiseLike<void>;
  };
}

interface StreamController {
  enqueue(part: unknown): void;
  close(): void;
  error(error: unknown): void;
}

interface StreamSource {
  pull(controller: StreamController): PromiseLike<void>;
  cancel(reason?: unknown): PromiseLike<void>;
}

type StreamClass = new (source: StreamSource, strategy: { readonly highWaterMark: number }) => PartStream;

export function isPartStream(value: unknown): value is PartStream {
  return typeof (value as Partial<PartStream> | null | undefined)?.getReader === "function";
}

/** How the call that streams may end. */
export interface PartsEnd {
  readonly run: Ending;
  /** True when the application has aborted the call. */
  readonly isAborted: () => boolean;
}

/** A stream that is dropped before its end is an aborted call, once the collector finds it. */
const dropped = new FinalizationRegistry<() => void>((leave) => leave());

/** What a dropped stream calls may not hold it, nor the signal, whose listeners do: so it is made apart from them. */
function leaving(run: Ending, parts: AiParts): () => void {
  return () => {
    if (parts.error !== null) run.fail(parts.error.error, parts.answer());
    else if (parts.isWhole()) run.end("ok", parts.answer());
    else run.abort(parts.answer());
  };
}

/** The same stream, with every part seen as it passes: it is read only as it is read itself. */
export function watchedParts(stream: PartStream, { run, isAborted }: PartsEnd): PartStream {
  const parts = new AiParts();
  const reader = stream.getReader();
  const fail = (error: unknown): void => {
    if (isAborted()) run.abort(parts.answer());
    else run.fail(error, parts.answer());
  };
  const leave = leaving(run, parts);
  const over = (): void => (parts.error === null ? leave() : fail(parts.error.error));
  const see = (part: unknown): void => {
    try {
      if (parts.take(part)) run.sawFirstToken();
    } catch {
      // A part that cannot be read costs its numbers; the application gets it all the same.
    }
  };
  const source: StreamSource = {
    pull: (controller) =>
      reader.read().then(
        ({ done, value }) => {
          if (done) {
            over();
            controller.close();
          } else {
            see(value);
            controller.enqueue(value);
          }
        },
        (error) => {
          fail(error);
          controller.error(error);
        },
      ),
    cancel(reason) {
      over();
      return reader.cancel(reason);
    },
  };
  const { ReadableStream } = globalThis as unknown as { readonly ReadableStream: StreamClass };
  // Without a mark of 0 it would read one part ahead of the application.
  const watched = new ReadableStream(source, { highWaterMark: 0 });
  dropped.register(watched, leave);
  return watched;
}
