/** `modelFallback`: `record` and `attempts` on one model after the other. */
import type { ModelChoice } from "@colophon/kernel";
import { type AttemptPlace, Attempts, type CallOnModel } from "./attempts.ts";
import { callModels } from "./call-models.ts";
import type { Fallback, ResolvedCall } from "./fallback.ts";
import type { AttemptPolicy, FallbackPolicy } from "./fallback-policy.ts";
import type { CallInHand } from "./open-recorder.ts";
import { walkModels } from "./walk-models.ts";

/**
 * Lets `record` go on to a prompt's next model when one fails, and `call.attempts()` hand them out.
 * Under Node `open` takes the policy by itself.
 *
 * @param policy what `fallback: true` stands for; every kind of trouble and no retries when left out.
 * @example
 * import { open } from "colophon";
 * import { modelFallback } from "colophon/fallback";
 *
 * const colophon = open({ fallback: modelFallback({ timeoutMs: 20_000 }) });
 */
export function modelFallback(policy: FallbackPolicy = {}): Fallback {
  const attempts = <Variables>(call: CallInHand, by: AttemptPolicy = policy): Attempts<Variables> =>
    new Attempts((place) => callAt(call, place), modelsOf(call), by);
  return {
    policy,
    models: callModels,
    attempts,
    record(call, { variables, send, options: { fallback, ...options } }) {
      const by = fallback === true ? policy : fallback;
      const walk = {
        attempts: attempts(call, by),
        policy: by,
        signal: options.signal,
        clock: call.space.clock,
      };
      return walkModels(walk, (attempt) => attempt.record(variables, send, options));
    },
  };
}

/** Those that the code can call; at least one. */
function modelsOf(call: ResolvedCall): readonly ModelChoice[] {
  const fitting = callModels(call).filter(({ misfit }) => misfit === null);
  // Without a text to serve there is no model either: the attempt then says what is missing.
  return fitting.length === 0 ? [call.resolved.resolution.model] : fitting.map(({ model }) => model);
}

function callAt<Variables>(call: CallInHand, place: AttemptPlace): CallOnModel<Variables> {
  const placed = <O>(options: O) => ({
    options: { ...options, attempt: place.number, fallbackOf: place.fallbackOf() },
    place,
  });
  const { begin, recorder } = call.space;
  return {
    record: (variables, send, options = {}) => recorder.record(begin(call, variables, placed(options)), send),
    render: (variables, options = {}) => recorder.render(begin(call, variables, { options, place })),
    start: (variables, options = {}) => recorder.start(begin(call, variables, placed(options))),
  };
}
