/** What `record` hands to the application's own call: messages, and the exact arguments of its client. */
import { type Message, type ModelChoice, words } from "@colophon/kernel";
import type { RenderedCall } from "./begin-call.ts";
import type { CallSpace } from "./call-space.ts";
import { notGiven } from "./not-given.ts";
import type { CallInHand, Placed } from "./open-recorder.ts";
import type { RecordOptions } from "./record-options.ts";
import type { Recording } from "./recording.ts";
import type { AiArguments, AiOptions } from "./wire/ai/ai-arguments.ts";
import type { AiModelOf, AiProvider } from "./wire/ai/ai-model.ts";
import type { AnthropicCall, AnthropicOptions } from "./wire/anthropic/message-arguments.ts";
import type { OpenAiChatCall, OpenAiChatOptions } from "./wire/openai/chat-arguments.ts";
import type { OpenAiResponseCall, OpenAiResponseOptions } from "./wire/openai/response-arguments.ts";
import type { WriterName } from "./wire/wire.ts";

/** The `record` that hands a prompt out. */
export interface Recorded {
  readonly recording: Recording;
  /** Observes one provider call of several. */
  observeStep<R>(send: () => R): R;
}

/** A rendered prompt, neutral and in the words of a client. */
export class PreparedPrompt {
  readonly messages: readonly Message[];
  readonly model: ModelChoice;
  readonly version: number | null;
  readonly hash: string;
  /** The locale of the text that was chosen; null where the text names none. */
  readonly locale: string | null;
  /**
   * Aborted when the attempt's time is over, or as the `signal` given to `record` is; undefined where
   * there is neither. Hand it to your client.
   */
  readonly signal: AbortSignal | undefined;
  readonly #rendered: RenderedCall;
  readonly #wires: CallSpace["wires"];

  constructor(
    { resolved, space }: Pick<CallInHand, "resolved" | "space">,
    rendered: RenderedCall,
    { options, place }: Placed<Pick<RecordOptions, "signal">>,
  ) {
    const { model, version, hash } = resolved.resolution;
    this.messages = rendered.messages;
    this.model = place?.model ?? model;
    this.version = version;
    this.hash = hash;
    this.locale = rendered.locale;
    this.signal = place?.limit?.signal ?? options.signal;
    this.#rendered = rendered;
    this.#wires = space.wires;
  }

  /** The text of a body that is one single message; the contents with blank lines between otherwise. */
  get text(): string {
    return this.messages.map((message) => message.content).join("\n\n");
  }

  /**
   * The arguments of the official `openai` client's `chat.completions.create`, and of its `parse`,
   * `stream` and `runTools`. With `stream` the last chunk carries the usage.
   *
   * @throws HarnessError `wire-missing` where `open` was not given the wire; `variable-type` for a
   *   medium that the endpoint cannot take.
   * @example
   * const stream = await call.record({ ticket }, (p) => client.chat.completions.create(p.openai({ stream: true })));
   */
  openai<const O extends OpenAiChatOptions = Record<never, never>>(options?: O): OpenAiChatCall<O> {
    return this.#write("openai", options) as OpenAiChatCall<O>;
  }

  /**
   * The arguments of the official `openai` client's `responses.create`, and of its `parse` and
   * `stream`. The system messages that come first are the `instructions`.
   *
   * @throws HarnessError `wire-missing`, `variable-type` as `openai` does.
   * @example
   * const response = await call.record({ ticket }, (p) => client.responses.create(p.responses()));
   */
  responses<const O extends OpenAiResponseOptions = Record<never, never>>(
    options?: O,
  ): OpenAiResponseCall<O> {
    return this.#write("responses", options) as OpenAiResponseCall<O>;
  }

  /**
   * The arguments of the official `@anthropic-ai/sdk` client's `messages.create`, and of its `stream`
   * and `parse`, beta or not. `max_tokens` is 4,096 where the version has none.
   *
   * @throws HarnessError `wire-missing`, `variable-type` as `openai` does.
   * @example
   * import Anthropic from "@anthropic-ai/sdk";
   * const claude = new Anthropic();
   * const message = await call.record({ ticket }, (p) => claude.messages.create(p.anthropic()));
   */
  anthropic<const O extends AnthropicOptions = Record<never, never>>(options?: O): AnthropicCall<O> {
    return this.#write("anthropic", options) as AnthropicCall<O>;
  }

  /**
   * The arguments of the AI SDK's `generateText`, `streamText`, `generateObject` and `streamObject`
   * (`ai` 6 and 7). With a provider, `model` is that provider's model and each of its calls leaves a
   * row; without one, `model` is a name for the global provider and the row has all calls in one.
   *
   * @param provider such as `openai` or `openai.chat`, a registry, or a model.
   * @throws HarnessError `wire-missing` where `open` was not given the wire.
   * @example
   * import { openai } from "@ai-sdk/openai";
   * import { generateText } from "ai";
   *
   * const { text } = await call.record({ ticket }, (p) => generateText(p.ai(openai)));
   */
  ai<P extends AiProvider | undefined = undefined>(
    provider?: P,
    options?: AiOptions,
  ): AiArguments<AiModelOf<NoInfer<P>>> {
    return this.#write("ai", { ...options, provider, signal: this.signal }) as never;
  }

  /**
   * Sends one provider call of several, such as one turn of a tool loop: it gets an execution of its
   * own. Returns exactly what `send` returned.
   *
   * @example
   * const answer = await call.record({ ticket }, async (p) => {
   *   const args = p.openai();
   *   const { choices } = await p.step(() => client.chat.completions.create(args));
   *   const shorter = { role: "user" as const, content: `Say it shorter: ${choices[0]?.message.content}` };
   *   const messages = [...args.messages, shorter];
   *   return p.step(() => client.chat.completions.create({ ...args, messages }));
   * });
   */
  step<R>(send: () => R): R {
    const { recorded } = this.#rendered;
    return recorded ? recorded.observeStep(send) : send();
  }

  #write(name: WriterName, options: unknown = {}): object {
    const writer = this.#wires?.findLast(({ writers }) => writers[name])?.writers[name];
    if (writer === undefined) {
      const wire = name === "responses" ? "openai" : name;
      throw notGiven(
        wire,
        words(() => `p.${name}()`),
        "wire-missing",
      );
    }
    const { messages, model } = this;
    const { servable, recorded } = this.#rendered;
    const prompt = { messages, model, text: servable.text, recording: recorded?.recording ?? null };
    return writer(prompt, options as never);
  }
}
