/** What the mind has before it when it answers, whatever the task: the request, what was read, who reads. */

import type { ModelProfile } from "../profiles.ts";
import { createSeededRandom, type SeededRandom } from "../seeded-random.ts";
import type { ChoiceConditions } from "./choose-label.ts";
import type { MindRequest, NoiseSource } from "./mind-request.ts";
import type { PromptReading } from "./read-prompt.ts";

export interface Thought {
  readonly request: MindRequest;
  readonly reading: PromptReading;
  readonly profile: ModelProfile;
  readonly noise: NoiseSource;
}

/** What a task comes to: its text, and the label where it chose one. */
export interface TaskAnswer {
  readonly text: string;
  readonly label?: string;
  readonly probabilities?: Readonly<Record<string, number>>;
  /** Why, in the words of the text; empty where there is nothing to say. */
  readonly reason: string;
}

/** The conditions of one choice; the purpose tells the noise of several choices apart. */
export function conditionsOf({ request, profile, noise }: Thought, purpose: string): ChoiceConditions {
  return { profile, temperature: request.temperature, effort: request.effort, noise, purpose };
}

/** Chance that repeats draw anew, but not at temperature 0. */
export function randomOf({ request, noise }: Thought, purpose: string): SeededRandom {
  const occurrence = request.temperature === 0 ? 0 : noise.occurrence;
  return createSeededRandom(noise.seed, purpose, noise.content, occurrence);
}

/** The text that is asked about; where nothing stands apart it is the whole prompt. */
export function subjectOf({ reading }: Thought): string {
  return reading.data === "" ? reading.instructions : reading.data;
}
