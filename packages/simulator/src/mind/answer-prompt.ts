/** The mind: reads a prompt and answers it, by nothing but the words it was sent and seeded noise. */

import { findProfile, type ModelProfile } from "../profiles.ts";
import { createSeededRandom } from "../seeded-random.ts";
import { type ChoiceConditions, chooseLabel, type LabelChoice } from "./choose-label.ts";
import { fillSchema } from "./fill-schema.ts";
import { findDefinitions } from "./find-definitions.ts";
import type { Effort, MindReply, MindRequest, NoiseSource } from "./mind-request.ts";
import { type Phrasing, phraseLabel, reasonFor } from "./phrase-label.ts";
import { type PromptReading, readPrompt } from "./read-prompt.ts";
import { summarise } from "./summarise.ts";
import { weighLabels } from "./weigh-labels.ts";

/** Tokens of hidden reasoning that each effort costs; none unless the request asks for it. */
const REASONING_TOKENS: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 0,
  low: 64,
  medium: 192,
  high: 512,
  xhigh: 1024,
};

interface Thought {
  readonly request: MindRequest;
  readonly reading: PromptReading;
  readonly profile: ModelProfile;
  readonly noise: NoiseSource;
}

function conditionsOf({ request, profile, noise }: Thought, purpose: string): ChoiceConditions {
  return { profile, temperature: request.temperature, effort: request.effort, noise, purpose };
}

function classify(thought: Thought): LabelChoice {
  const { reading, profile } = thought;
  const weights = weighLabels({
    data: reading.data,
    labels: reading.labels,
    examples: reading.examples,
    profile,
  });
  return chooseLabel(weights, conditionsOf(thought, "label"));
}

/** Another choice in the same schema is classified by itself, on the same text and instructions. */
function classifyAmong(thought: Thought, path: string, options: readonly string[]): string {
  const { reading, profile } = thought;
  const labels = findDefinitions(reading.instructions, options);
  const weights = weighLabels({ data: reading.data, labels, examples: [], profile });
  return chooseLabel(weights, conditionsOf(thought, `choice ${path}`)).label;
}

function fill(thought: Thought, choice: LabelChoice | undefined): string {
  const { request, reading } = thought;
  if (request.format.kind !== "schema") throw new Error("Only a request with a schema can be filled.");
  const own = reading.labels.map((label) => label.label).join("\u0000");
  const value = fillSchema({
    root: request.format.schema,
    data: reading.data,
    choose: (path, options) =>
      choice !== undefined && options.join("\u0000") === own
        ? choice.label
        : classifyAmong(thought, path, options),
    reason: choice === undefined ? summarise(reading.data, 1) : reasonFor({ choice, data: reading.data }),
    confidence: choice === undefined ? 0.5 : (choice.probabilities[choice.label] ?? 0),
  });
  return JSON.stringify(value);
}

function summaryOf({ reading, profile }: Thought): string {
  const text = reading.data === "" ? reading.instructions : reading.data;
  const summary = summarise(text, profile.verbosity > 0.5 ? 3 : 2);
  if (reading.format.kind !== "json") return summary;
  const keys = reading.format.keys.length > 0 ? reading.format.keys : ["summary"];
  return JSON.stringify(
    Object.fromEntries(keys.map((key, index) => [key, index === 0 ? summary : summarise(text, 1)])),
  );
}

/** Answers a request; equal requests with equal noise get equal answers. */
export function answerPrompt(request: MindRequest, noise: NoiseSource): MindReply {
  const reading = readPrompt(request.messages, request.format);
  const profile = findProfile(request.model);
  const thought: Thought = { request, reading, profile, noise };
  const choice = reading.labels.length > 0 ? classify(thought) : undefined;
  const base = {
    label: choice?.label,
    probabilities: choice?.probabilities ?? {},
    reasoningTokens: REASONING_TOKENS[request.effort],
  };
  if (reading.format.kind === "schema") return { ...base, text: fill(thought, choice) };
  if (choice === undefined) return { ...base, text: summaryOf(thought) };
  const random = createSeededRandom(
    noise.seed,
    "phrase",
    noise.content,
    request.temperature === 0 ? 0 : noise.occurrence,
  );
  const phrasing: Phrasing = { choice, data: reading.data, profile, random };
  return { ...base, text: phraseLabel(reading.format, phrasing) };
}
