/** Judges a text of which no call of a model is known: whether it speaks to a model, how surely, and why. */
import type { PromptRole } from "../clients/client-call.ts";
import { ROLE_WORDS } from "../clients/message-calls.ts";
import type { ClassifiedText } from "./classified-text.ts";
import { FEATURES, type FeatureFound } from "./feature-weights.ts";
import { scoreOf, weighText } from "./weigh-text.ts";

export type { ClassifiedText } from "./classified-text.ts";

export interface TextVerdict {
  /** In (0, 1). */
  readonly confidence: number;
  /** The strongest features, in words. */
  readonly reason: string;
  /** As its name or what stands beside it says; null where neither does. */
  readonly role: PromptRole | null;
}

/** From this confidence on a text is reported. */
export const LEAST_CONFIDENCE = 0.5;

/** Words alone never make it certain. */
const MOST_CONFIDENCE = 0.95;

/**
 * Adds up what speaks for and against a prompt, in log odds (see `FEATURES`); the confidence is
 * 1 / (1 + e^−score).
 *
 * @returns null below the least confidence.
 */
export function classifyText(text: ClassifiedText, least: number = LEAST_CONFIDENCE): TextVerdict | null {
  const found = weighText(text, Math.log(least / (1 - least)));
  if (found === null) return null;
  const confidence = Math.min(MOST_CONFIDENCE, 1 / (1 + Math.exp(-scoreOf(found))));
  if (confidence < least) return null;
  return { confidence: Math.round(confidence * 100) / 100, reason: reasonOf(found), role: roleOf(found) };
}

/** A role that stands beside the text comes before one in its name. */
function roleOf(found: readonly FeatureFound[]): PromptRole | null {
  const beside = found.find(({ feature }) => feature === "roleBeside")?.shown;
  if (typeof beside === "string") return ROLE_WORDS.get(beside) ?? null;
  return found.some(({ feature, strength }) => feature === "systemName" && strength >= 1) ? "system" : null;
}

/** The three features that speak most for it. */
const MOST_REASONS = 3;

function reasonOf(found: readonly FeatureFound[]): string {
  const weight = ({ feature, strength }: FeatureFound): number => FEATURES[feature].weight * strength;
  const strongest = found
    .filter((one) => weight(one) > 0)
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, MOST_REASONS)
    .map(
      ({ feature, shown }) => FEATURES[feature].words + (shown === null || shown === "" ? "" : ` (${shown})`),
    );
  return strongest.length === 0 ? "has nothing that speaks for a prompt" : strongest.join("; ");
}
