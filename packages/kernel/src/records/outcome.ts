/** A signal attached to an execution after the fact, and the table of the standard names. */
import type { EpochMs } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import type { ExecutionId, OutcomeId } from "../ids.ts";
import { OUTCOME_SOURCES, type OutcomeSource } from "../vocabulary.ts";
import type { ChainPlace } from "./execution.ts";

export type OutcomeValue = number | boolean | string;

interface OutcomeName {
  readonly type: "boolean" | "share" | "number";
  readonly meaning: string;
}

/** The standard names; others are free, but these mean the same everywhere. */
export const STANDARD_OUTCOMES = {
  accepted: { type: "boolean", meaning: "the answer was used as it stood" },
  thumbs: { type: "boolean", meaning: "thumb up (true) or down (false)" },
  editDistance: {
    type: "share",
    meaning: "share of the served text that was changed, 0 kept to 1 rewritten",
  },
  retried: { type: "boolean", meaning: "the same thing was asked again soon after" },
  schemaOk: { type: "boolean", meaning: "the answer kept its output contract" },
  refused: { type: "boolean", meaning: "the model declined to answer" },
  expectedTool: { type: "boolean", meaning: "the tool that was needed was called" },
  quality: { type: "share", meaning: "a judged or measured quality, 0 to 1" },
  resolved: { type: "boolean", meaning: "the task downstream was done" },
  escalated: { type: "boolean", meaning: "a person had to take over" },
  latency: { type: "number", meaning: "milliseconds the user waited" },
} as const satisfies Readonly<Record<string, OutcomeName>>;

export interface OutcomeDraft {
  readonly id: OutcomeId;
  readonly execution: ExecutionId;
  readonly name: string;
  readonly value: OutcomeValue;
  readonly source: OutcomeSource;
  /** The rule, judge version or system that said so. */
  readonly by: string | null;
}

export interface Outcome extends OutcomeDraft, ChainPlace {
  readonly at: EpochMs;
}

const NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/**
 * Checks name, value and source of an outcome; standard names hold their own type.
 *
 * @throws HarnessError `outcome-invalid`.
 */
export function checkOutcome(outcome: Pick<OutcomeDraft, "name" | "value" | "source">): void {
  if (typeof outcome.name !== "string" || !NAME.test(outcome.name)) {
    throw invalid(`"${outcome.name}" is not an outcome's name; use letters, digits, ".", "_" and "-"`);
  }
  if (!OUTCOME_SOURCES.includes(outcome.source)) {
    throw invalid(`"${outcome.source}" is not a source; use one of ${OUTCOME_SOURCES.join(", ")}`);
  }
  if (!["number", "boolean", "string"].includes(typeof outcome.value)) {
    throw invalid(`${outcome.name} is ${String(outcome.value)}; use a number, true or false, or a text`);
  }
  if (typeof outcome.value === "number" && !Number.isFinite(outcome.value)) {
    throw invalid(`${outcome.name} is ${outcome.value}; a missing value is no outcome, leave it out`);
  }
  if (!Object.hasOwn(STANDARD_OUTCOMES, outcome.name)) return;
  const { type } = STANDARD_OUTCOMES[outcome.name as keyof typeof STANDARD_OUTCOMES];
  const [takes, fits] = VALUES[type];
  if (!fits(outcome.value)) {
    throw invalid(`${outcome.name} takes ${takes}, not ${JSON.stringify(outcome.value)}`);
  }
}

const VALUES: Readonly<
  Record<OutcomeName["type"], readonly [takes: string, fits: (value: OutcomeValue) => boolean]>
> = {
  boolean: ["true or false", (value) => typeof value === "boolean"],
  number: ["a number", (value) => typeof value === "number"],
  share: ["a number from 0 to 1", (value) => typeof value === "number" && value >= 0 && value <= 1],
};

function invalid(sentence: string): HarnessError {
  return new HarnessError("outcome-invalid", `${sentence}.`);
}
