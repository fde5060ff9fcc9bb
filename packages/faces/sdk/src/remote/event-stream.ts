/** Listens to the changes that a server sends as they come. */
import type { IncomingMessage } from "node:http";
import { EventParser, type ServerEvent } from "./event-parser.ts";
import type { ServerCalls } from "./server-calls.ts";

export interface EventListener {
  /** Something came, be it a sign of life: the way is open. */
  onLife(): void;
  onEvent(event: ServerEvent): void;
  /** Once, in whatever way it ended; nothing comes after it. */
  onEnd(): void;
}

export interface EventStreamParts {
  readonly calls: ServerCalls;
  /** With its query. */
  readonly path: string;
  readonly listener: EventListener;
  /** Milliseconds without a sign of life after which nobody is there any more. */
  readonly silenceMs: number;
}

/** @returns what ends it; `onEnd` is not called then. */
export function listenToEvents(parts: EventStreamParts): () => void {
  const { calls, listener, silenceMs } = parts;
  const ended = new AbortController();
  let isOver = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    ended.abort();
    listener.onEnd();
  };
  const follow = async (): Promise<void> => {
    const headers = {
      accept: "text/event-stream",
      "accept-encoding": "identity",
      "cache-control": "no-cache",
    };
    const answer = await calls.open({ method: "GET", path: parts.path, headers }, ended.signal);
    // What is not read would hold the connection.
    if (!isEvents(answer)) return void answer.destroy();
    answer.setTimeout(silenceMs, () => answer.destroy());
    answer.setEncoding("utf8");
    const parser = new EventParser();
    for await (const piece of answer as AsyncIterable<string>) {
      if (isOver) return;
      listener.onLife();
      for (const event of parser.push(piece)) if (!isOver) listener.onEvent(event);
    }
  };
  // Why it ended does not matter: whoever listens asks the server otherwise.
  void follow().then(over, over);
  return () => {
    isOver = true;
    ended.abort();
  };
}

function isEvents({ statusCode, headers }: IncomingMessage): boolean {
  return statusCode === 200 && (headers["content-type"] ?? "").startsWith("text/event-stream");
}
