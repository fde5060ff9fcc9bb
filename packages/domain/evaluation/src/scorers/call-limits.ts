/** The scorers `cost` and `latency`: one call stayed within a limit. */
import { defineScorer } from "./define-scorer.ts";
import { AMOUNT, required } from "./option.ts";
import { noScore, passes } from "./score-outcome.ts";

/** `max` in the currency of the run's prices. */
export const cost = defineScorer({
  name: "cost",
  options: { max: required(AMOUNT) },
  prepare:
    ({ max }) =>
    (input) =>
      input.cost === null
        ? noScore("The call has no price, so nobody knows whether it was too dear.")
        : passes(input.cost <= max, `it cost ${input.cost}`),
});

/** `max` in milliseconds. */
export const latency = defineScorer({
  name: "latency",
  options: { max: required(AMOUNT) },
  prepare:
    ({ max }) =>
    (input) =>
      passes(input.latency <= max, `it took ${Math.round(input.latency)} ms`),
});
