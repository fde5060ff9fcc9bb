/** What a call asks for its attempts on one model after the other. */
import type { Attempt } from "./attempts.ts";
import type { CallModel } from "./call-models.ts";
import type { AttemptPolicy, FallbackPolicy } from "./fallback-policy.ts";
import type { CallInHand } from "./open-recorder.ts";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import type { FallbackOptions } from "./record-options.ts";

/** What says which models a call can be made on. */
export type ResolvedCall = Pick<CallInHand, "resolved" | "declaration">;

/** What is sent, and when to go on. */
export interface TriedRecord<Variables, R> {
  readonly variables: Variables;
  readonly send: (prompt: PreparedPrompt) => R;
  readonly options: FallbackOptions;
}

/** Goes on to the next model: `open` is given it where a bundle carries only what it is given. */
export interface Fallback {
  /** What `fallback: true` stands for. */
  readonly policy: FallbackPolicy;
  /** The models of a call, in the order in which they are tried. */
  models(call: ResolvedCall): readonly CallModel[];
  /** The attempts of a call, by this policy when left out. */
  attempts<Variables>(call: CallInHand, policy?: AttemptPolicy): Iterable<Attempt<Variables>>;
  /** The first answer, else the last error, the very object. */
  record<Variables, R>(call: CallInHand, record: TriedRecord<Variables, R>): Promise<Awaited<R>>;
}
