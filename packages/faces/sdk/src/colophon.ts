/** `Colophon`: what `open` returns, the typed face of the runtime. */
import type { ExecutionId, WriteReceipt } from "@colophon/kernel";
import type { Call, OutcomeInput, Readiness, ResolveContext, Runtime, Trace } from "@colophon/runtime";
import type { Prompt } from "./define/prompt.ts";
import type { PromptTypes, PromptVariables } from "./prompt-types.ts";

/** A concrete version, `v7`; there is no `latest`. */
export type VersionName = `v${bigint}`;

/** An open store: resolves prompts, records calls, takes outcomes. */
export interface Colophon {
  /** The environment of this process. */
  readonly environment: string;
  /**
   * Decides which text serves this call. Synchronous, without I/O, never throws for what is missing.
   *
   * @example
   * const call = colophon.resolve(triage, { user: "ada" });
   */
  resolve<Variables>(prompt: Prompt<Variables>, context?: ResolveContext): Call<Variables>;
  /**
   * A prompt of the registry by its key, pinned to a version; its variables are those that a file of
   * `colophon types` declares. A version that was never released is there at once on an embedded store, and
   * after `ready` or `prefetch` on a server.
   *
   * @throws HarnessError `version-unknown` without a concrete version, or with `latest`.
   * @example
   * const call = colophon.resolve(colophon.get("support.triage", { version: "v7" }));
   */
  get<const Key extends string, const Version extends VersionName>(
    key: Key | Extract<keyof PromptTypes, string>,
    options: { readonly version: Version },
  ): Prompt<PromptVariables<Key, Version>>;
  /**
   * Attaches a signal to an execution.
   *
   * @throws HarnessError `outcome-invalid`.
   * @example
   * colophon.outcome(call, { name: "thumbs", value: true });
   */
  outcome(execution: ExecutionId | Call<never>, outcome: OutcomeInput): WriteReceipt;
  /** Appends `editDistance` between what was served and what the user kept; returns it, 0 to 1. */
  kept(
    execution: ExecutionId | Call<never>,
    texts: { readonly served: string; readonly kept: string },
  ): number;
  /**
   * Ties together the calls that a task makes: they share a trace, each knows within which execution
   * it was made and the how-manieth of its prompt it is. Within another trace it goes on with that one;
   * with OpenTelemetry it is a span of this name. Returns exactly what the task returned.
   *
   * @param task is told its trace, for platforms without `AsyncLocalStorage`: `resolve(prompt, { ...trace })`.
   * @example
   * const answer = await colophon.trace("answer-ticket", async () => {
   *   const kind = await colophon.resolve(triage).record({ ticket }, (p) => client.chat.completions.create(p.openai()));
   *   return kind.choices[0]?.message.content;
   * });
   */
  trace<R>(name: string, task: (trace: Trace) => R): R;
  /**
   * Waits until the registry was read and, under Node, until the versions that were asked for by number
   * before it were looked for: for 5 seconds unless told otherwise. Never rejects.
   *
   * @returns `ready: false` with the reason where the time was over first.
   */
  ready(options?: { readonly timeoutMs?: number }): Promise<Readiness>;
  /**
   * Fetches ahead what resolutions will need and a snapshot may not hold, and waits for it, for 2 seconds
   * at most: versions by their pins, or for the context of a call the version that it is pinned to and the
   * overrides for whoever it is for, where a server has too many of them for its snapshots. Never rejects.
   *
   * @param what one pin (`support.triage@v7`), several, or the context of a call.
   * @example
   * await colophon.prefetch({ user: "ada", document: "contract-7", pin: "support.triage@v7" });
   */
  prefetch(what: Iterable<string> | ResolveContext): Promise<void>;
  /** The revision in force, whether it can still be refreshed, and how many live calls were repeated. */
  status(): ReturnType<Runtime["status"]>;
  /** Resolves when every row taken so far is in the store. */
  flush(): Promise<void>;
  /** Ends running calls as aborted, flushes, and lets go of the store. */
  close(): Promise<void>;
}
