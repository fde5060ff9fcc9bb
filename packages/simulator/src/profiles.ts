/** The table of simulated models: how well each reads, how much it says, what it shies away from and how fast it is. */

export type ModelMaker = "openai" | "anthropic" | "google";

export interface ModelProfile {
  readonly name: string;
  /** Whose wire format its name belongs to. */
  readonly maker: ModelMaker;
  /** How strongly evidence in the prompt decides the answer. */
  readonly sharpness: number;
  /** Standard deviation of the misreading that stays the same for the same prompt. */
  readonly misreading: number;
  /** Share of the built-in vocabulary that the model knows. */
  readonly knowledge: number;
  /** Share of answers that keep to a clear format instruction. */
  readonly obedience: number;
  /** Share of free answers that explain themselves. */
  readonly verbosity: number;
  /** Share of prompts with words of harm in them that it refuses. */
  readonly caution: number;
  /** As a judge: how much the answer shown first gains over an equal one, in shares of the scale. */
  readonly positionBias: number;
  /** As a judge: how much an answer of twice the length gains, in shares of the scale. */
  readonly lengthBias: number;
  /** Latency relative to the configured one. */
  readonly slowness: number;
  /** Standard deviation of the logarithm of its latency. */
  readonly latencySpread: number;
}

function profile(name: string, maker: ModelMaker, rest: Omit<ModelProfile, "name" | "maker">): ModelProfile {
  return { name, maker, ...rest };
}

export const MODEL_PROFILES: readonly ModelProfile[] = [
  profile("gpt-5-nano", "openai", {
    sharpness: 2.4,
    misreading: 0.45,
    knowledge: 0.6,
    obedience: 0.95,
    verbosity: 0.2,
    caution: 0.6,
    positionBias: 0.15,
    lengthBias: 0.08,
    slowness: 0.6,
    latencySpread: 0.35,
  }),
  profile("gpt-5-mini", "openai", {
    sharpness: 3.4,
    misreading: 0.35,
    knowledge: 0.8,
    obedience: 0.985,
    verbosity: 0.35,
    caution: 0.8,
    positionBias: 0.08,
    lengthBias: 0.06,
    slowness: 1,
    latencySpread: 0.4,
  }),
  profile("gpt-5", "openai", {
    sharpness: 5,
    misreading: 0.2,
    knowledge: 1,
    obedience: 0.997,
    verbosity: 0.6,
    caution: 0.9,
    positionBias: 0.03,
    lengthBias: 0.04,
    slowness: 1.8,
    latencySpread: 0.5,
  }),
  profile("claude-haiku-4-5", "anthropic", {
    sharpness: 3.2,
    misreading: 0.36,
    knowledge: 0.75,
    obedience: 0.975,
    verbosity: 0.5,
    caution: 0.9,
    positionBias: 0.1,
    lengthBias: 0.05,
    slowness: 0.8,
    latencySpread: 0.3,
  }),
  profile("claude-sonnet-4-5", "anthropic", {
    sharpness: 4.4,
    misreading: 0.24,
    knowledge: 0.95,
    obedience: 0.99,
    verbosity: 0.65,
    caution: 0.95,
    positionBias: 0.04,
    lengthBias: 0.03,
    slowness: 1.3,
    latencySpread: 0.4,
  }),
  profile("claude-opus-4-5", "anthropic", {
    sharpness: 5.4,
    misreading: 0.17,
    knowledge: 1,
    obedience: 0.995,
    verbosity: 0.7,
    caution: 0.97,
    positionBias: 0.02,
    lengthBias: 0.03,
    slowness: 2.2,
    latencySpread: 0.45,
  }),
  profile("gemini-2.5-flash-lite", "google", {
    sharpness: 2.3,
    misreading: 0.48,
    knowledge: 0.55,
    obedience: 0.93,
    verbosity: 0.3,
    caution: 0.5,
    positionBias: 0.14,
    lengthBias: 0.12,
    slowness: 0.5,
    latencySpread: 0.3,
  }),
  profile("gemini-2.5-flash", "google", {
    sharpness: 3.3,
    misreading: 0.36,
    knowledge: 0.8,
    obedience: 0.97,
    verbosity: 0.55,
    caution: 0.7,
    positionBias: 0.09,
    lengthBias: 0.1,
    slowness: 0.7,
    latencySpread: 0.35,
  }),
  profile("gemini-2.5-pro", "google", {
    sharpness: 4.8,
    misreading: 0.22,
    knowledge: 1,
    obedience: 0.99,
    verbosity: 0.8,
    caution: 0.8,
    positionBias: 0.05,
    lengthBias: 0.09,
    slowness: 1.9,
    latencySpread: 0.5,
  }),
];

/** What an unknown name behaves like, by how it begins. */
const DEFAULTS: readonly { readonly begins: string; readonly profile: string }[] = [
  { begins: "claude", profile: "claude-sonnet-4-5" },
  { begins: "gemini", profile: "gemini-2.5-flash" },
  { begins: "", profile: "gpt-5-mini" },
];

/** The profile of exactly this name. */
export function namedProfile(name: string): ModelProfile | undefined {
  return MODEL_PROFILES.find((each) => each.name === name);
}

/** The profile of a model name; dated names belong to their family, unknown ones behave like a default. */
export function findProfile(model: string): ModelProfile {
  const family = model.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3}|latest|preview(?:-[\d-]+)?)$/, "");
  const fallback = DEFAULTS.find(({ begins }) => model.startsWith(begins))?.profile ?? "";
  const found = namedProfile(family) ?? namedProfile(fallback);
  if (found === undefined) throw new Error(`The profile table lacks its default, ${fallback}.`);
  return found;
}
