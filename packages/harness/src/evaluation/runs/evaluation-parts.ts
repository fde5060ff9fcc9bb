/** What the face hands to evaluations: models to be asked, checks, and somebody to tell. */
import type { RunEstimate, RunProgress } from "@colophon/evaluation";
import type { Embedder, ModelCaller, ModelChoice } from "@colophon/kernel";
import type { CheckerOf } from "../../registry-declaration.ts";

export interface EvaluationParts {
  readonly caller: ModelCaller;
  /** The address at which a model is asked: another one is another model. */
  readonly endpointOf: (model: ModelChoice) => string;
  readonly checkerOf: CheckerOf;
  readonly embedder?: Embedder | undefined;
  /** Opens the embedder that a request names; absent where a face opens its own. */
  readonly embedderOf?: ((model: ModelChoice) => Embedder) | undefined;
  /** Where the files of scorers of the user's own are looked up; null where no code of users is run. */
  readonly folder: string | null;
  /** Aborted when a person interrupts: calls under way come to their end, no other is made. */
  readonly signal?: AbortSignal | undefined;
  readonly onNotice: (message: string) => void;
  /** Told before the first call. */
  readonly onEstimate?: (estimate: RunEstimate) => void;
  readonly onProgress?: (progress: RunProgress) => void;
  /** From 0 to 1; for the pauses between tries. */
  readonly chance?: () => number;
  /** Waits until the time is over or the signal is aborted; a timer unless given. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}
