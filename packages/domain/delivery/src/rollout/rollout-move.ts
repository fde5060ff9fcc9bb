/** What a rollout does next. */
import type { EpochMs, ExecutionId, RolloutCause } from "@colophon/kernel";

/** What was found about a member, as its alert tells it. */
export interface Finding {
  readonly key: string;
  /** The challenger that it is about. */
  readonly version: number;
  readonly metric: string | null;
  /** In words, without what is done about it. */
  readonly words: string;
  readonly since: EpochMs;
  readonly units: number | null;
  readonly value: number | null;
  readonly limit: number | null;
  readonly executions: readonly ExecutionId[];
  /** What a person would have to accept by name to go on in spite of it; empty where nothing is to be accepted. */
  readonly accept: readonly string[];
}

/** The version of each member that is to serve everybody, by key. */
export type Chosen = ReadonlyMap<string, number>;

export type Move =
  | {
      readonly kind: "stay";
      /** In words, what it waits for. */
      readonly waits: readonly string[];
      /** When time alone may change that; null where it may not. */
      readonly until: EpochMs | null;
    }
  | {
      readonly kind: "step";
      readonly step: number;
      readonly cause: RolloutCause;
      /** Null keeps all arms. */
      readonly chosen: Chosen | null;
      readonly reason: string;
    }
  | { readonly kind: "ask-approval"; readonly reason: string }
  | { readonly kind: "resume"; readonly reason: string }
  | { readonly kind: "hold"; readonly cause: RolloutCause; readonly finding: Finding }
  | { readonly kind: "end"; readonly cause: RolloutCause; readonly finding: Finding }
  | { readonly kind: "complete"; readonly chosen: Chosen; readonly reason: string };
