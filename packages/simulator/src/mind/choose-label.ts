/** Chooses a label from weighed evidence: a misreading that stays, then a draw by softmax and temperature. */

import type { ModelProfile } from "../profiles.ts";
import { createSeededRandom } from "../seeded-random.ts";
import { EFFORTS, type Effort, type NoiseSource } from "./mind-request.ts";
import type { LabelWeight } from "./weigh-labels.ts";

export interface LabelChoice {
  readonly label: string;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly evidence: ReadonlySet<string>;
}

export interface ChoiceConditions {
  readonly profile: ModelProfile;
  readonly temperature: number;
  readonly effort: Effort;
  readonly noise: NoiseSource;
  /** Tells several choices of one answer apart (two enums in one schema). */
  readonly purpose: string;
}

/** Each step of effort takes off a tenth of the misreading. */
function misreadingOf(profile: ModelProfile, effort: Effort): number {
  return profile.misreading * (1 - EFFORTS.indexOf(effort) / 10);
}

function softmax(logits: readonly number[]): readonly number[] {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Draws a label; at temperature 0 the heaviest one, and the first where they tie. */
export function chooseLabel(weights: readonly LabelWeight[], conditions: ChoiceConditions): LabelChoice {
  const { profile, temperature, noise, purpose } = conditions;
  const first = weights[0];
  if (first === undefined)
    throw new Error("A label can only be chosen among at least one; none was weighed.");
  const misreading = createSeededRandom(noise.seed, purpose, "misreading", noise.content);
  const spread = misreadingOf(profile, conditions.effort);
  const logits = weights.map(({ weight }) => profile.sharpness * (weight + spread * misreading.normal()));
  const chances = softmax(temperature === 0 ? logits : logits.map((logit) => logit / temperature));
  const probabilities = Object.fromEntries(weights.map(({ label }, index) => [label, chances[index] ?? 0]));
  const draw = createSeededRandom(noise.seed, purpose, "draw", noise.content, noise.occurrence).next();
  let left = temperature === 0 ? 0 : draw;
  const top = Math.max(...chances);
  const chosen = weights.find((_, index) => {
    const chance = chances[index] ?? 0;
    if (temperature === 0) return chance === top;
    left -= chance;
    return left < 0;
  });
  const { label, evidence } = chosen ?? first;
  return { label, probabilities, evidence };
}
