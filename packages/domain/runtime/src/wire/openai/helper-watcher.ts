/** Watches the helpers of the `openai` client that send by themselves: `stream` and `runTools` of chat completions, `stream` of responses. */
import { type AnswerReader, hostOf, isRecord, NO_ANSWER, NO_USAGE, type StreamReader } from "../../answer.ts";
import { endAnswer, endStream } from "../../end-stream.ts";
import { override } from "../../override.ts";
import type { Ending } from "../../recording.ts";
import { addUsage } from "../ai/ai-usage.ts";
import { type Emitter, isEmitter, seeEvents } from "../see-events.ts";
import type { ResultWatcher, WatchedResult } from "../wire.ts";
import { openaiChatReader } from "./chat-reader.ts";
import { openaiResponseReader } from "./response-reader.ts";

/** Sends a request with the client that it is given first. */
type Send = (client: unknown, ...more: unknown[]) => unknown;

/** What the helpers have in common, beside what only some of them have. */
interface Helper extends Emitter {
  readonly ended: boolean;
  readonly errored: boolean;
  readonly aborted: boolean;
  _createChatCompletion?: Send;
  _createOrRetrieveResponse?: Send;
  _runTools?: Send;
  allChatCompletions?(): readonly unknown[];
  finalResponse?(): Promise<unknown>;
}

/** The method through which a helper sends each of its requests. */
const SENDERS = ["_createChatCompletion", "_createOrRetrieveResponse"] as const;

function isHelper(result: object): result is Helper {
  const helper = result as Partial<Helper>;
  return isEmitter(result) && SENDERS.some((sender) => typeof helper[sender] === "function");
}

export const openaiHelperWatcher: ResultWatcher = {
  matches: isHelper,
  watch: (result, watched) => {
    const helper = result as Helper;
    if (helper.ended) {
      // Nothing says any more whether it ran tools.
      watched.recording.mustRunOnce();
      endLate(helper, watched);
    } else new HelperWatch(watched).attach(helper);
  },
};

class HelperWatch {
  readonly #watched: WatchedResult;
  #readers: AnswerReader = openaiChatReader;
  /** The provider call under way. */
  #run: Ending | undefined;
  #reader: StreamReader | undefined;
  #isLoop = false;
  #isFirst = true;

  constructor(watched: WatchedResult) {
    this.#watched = watched;
  }

  /** The helper sends in a later turn of the event loop, so it is not too late to see its first request. */
  attach(helper: Helper): void {
    seeEvents(helper, (event, value) => this.#see(event, value));
    if (helper._createOrRetrieveResponse !== undefined) this.#readers = openaiResponseReader;
    // For a helper that was handed over when its first request had gone out.
    this.#reader = this.#readers.stream();
    this.#before(helper, "_runTools", () => {
      this.#isLoop = true;
      this.#watched.recording.mustRunOnce();
    });
    for (const sender of SENDERS) this.#before(helper, sender, (client) => this.#begin(client));
  }

  #before(
    helper: Helper,
    name: (typeof SENDERS)[number] | "_runTools",
    see: (client: unknown) => void,
  ): void {
    const send = helper[name];
    if (send === undefined) return;
    override(helper, name, (...args: Parameters<Send>) => {
      try {
        see(args[0]);
      } catch {
        // A row that cannot be begun is no reason not to send.
      }
      return send.apply(helper, args);
    });
  }

  #begin(client: unknown): void {
    this.#run = this.#next();
    this.#reader = this.#readers.stream();
    if (isRecord(client)) this.#run.sawHost(hostOf(client.baseURL));
  }

  #next(): Ending {
    const { run, recording } = this.#watched;
    const isOwn = this.#isFirst && (!this.#isLoop || run !== recording);
    // Of a loop that was handed over late, the first call was taken for the only one.
    if (!this.#isFirst && run === recording && !recording.stepped) recording.step();
    this.#isFirst = false;
    return isOwn ? run : recording.step();
  }

  #see(event: string, value: unknown): void {
    const run = this.#run ?? this.#watched.run;
    switch (event) {
      case "chunk":
      case "event":
        if (this.#reader?.take(value)) run.sawFirstToken();
        break;
      case "chatCompletion":
        endAnswer(this.#run ?? this.#next(), openaiChatReader.read(value));
        this.#run = undefined;
        break;
      case "error":
      case "abort":
        run.fail(value, this.#reader?.answer());
        break;
      case "end":
        endStream(run, this.#reader);
    }
  }
}

/** A helper that was through before it was handed over is told by what it kept. */
function endLate(helper: Helper, { run }: WatchedResult): void {
  if (helper.aborted) run.abort();
  else if (helper.errored) run.end("error", NO_ANSWER);
  else if (helper.finalResponse !== undefined) {
    helper.finalResponse().then(
      (response) => endAnswer(run, openaiResponseReader.read(response)),
      () => run.end("ok", NO_ANSWER),
    );
  } else {
    const answers = (helper.allChatCompletions?.() ?? []).map((one) => openaiChatReader.read(one));
    const last = answers.at(-1) ?? NO_ANSWER;
    endAnswer(run, {
      ...last,
      usage: answers.reduce((total, { usage }) => addUsage(total, usage), NO_USAGE),
      toolCalls: answers.flatMap(({ toolCalls }) => toolCalls ?? []),
    });
  }
}
