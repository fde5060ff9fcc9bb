/** Watches what `messages.stream` of the `@anthropic-ai/sdk` client returns: it sends by itself and tells listeners. */
import { hostOf, isRecord, NO_ANSWER } from "../../answer.ts";
import { endAnswer, endStream } from "../../end-stream.ts";
import type { Ending } from "../../recording.ts";
import { type Emitter, isEmitter, seeEvents } from "../see-events.ts";
import type { ResultWatcher } from "../wire.ts";
import { anthropicReader } from "./message-reader.ts";

export interface MessageStream extends Emitter {
  readonly ended: boolean;
  readonly errored: boolean;
  readonly aborted: boolean;
  readonly receivedMessages: readonly unknown[];
  readonly response?: unknown;
}

export function isMessageStream(result: unknown): result is MessageStream {
  return isRecord(result) && isEmitter(result) && Array.isArray(result.receivedMessages);
}

export function watchMessageStream(stream: MessageStream, run: Ending): void {
  const seeHost = (): void => {
    const { response } = stream;
    if (isRecord(response)) run.sawHost(hostOf(response.url));
  };
  seeHost();
  if (stream.ended) {
    endLate(stream, run);
    return;
  }
  const reader = anthropicReader.stream();
  seeEvents(stream, (event, value) => {
    switch (event) {
      case "connect":
        seeHost();
        break;
      case "streamEvent":
        if (reader.take(value)) run.sawFirstToken();
        break;
      case "finalMessage":
        endAnswer(run, anthropicReader.read(value));
        break;
      case "error":
      case "abort":
        run.fail(value, reader.answer());
        break;
      case "end":
        endStream(run, reader);
    }
  });
}

/** A stream that was through before it was handed over is told by what it kept. */
function endLate({ aborted, errored, receivedMessages }: MessageStream, run: Ending): void {
  if (aborted) run.abort();
  else if (errored) run.end("error", NO_ANSWER);
  else endAnswer(run, anthropicReader.read(receivedMessages.at(-1)));
}

export const messageStreamWatcher: ResultWatcher = {
  matches: isMessageStream,
  watch: (result, { run }) => watchMessageStream(result as MessageStream, run),
};
