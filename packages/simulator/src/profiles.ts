/** The table of simulated models: how well each reads, how much it says and how fast it answers. */

export interface ModelProfile {
  readonly name: string;
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
  /** Latency relative to the configured one. */
  readonly slowness: number;
}

export const MODEL_PROFILES: readonly ModelProfile[] = [
  {
    name: "gpt-5-nano",
    sharpness: 2.4,
    misreading: 0.45,
    knowledge: 0.6,
    obedience: 0.95,
    verbosity: 0.2,
    slowness: 0.6,
  },
  {
    name: "gpt-5-mini",
    sharpness: 3.4,
    misreading: 0.35,
    knowledge: 0.8,
    obedience: 0.985,
    verbosity: 0.35,
    slowness: 1,
  },
  {
    name: "gpt-5",
    sharpness: 5,
    misreading: 0.2,
    knowledge: 1,
    obedience: 0.997,
    verbosity: 0.6,
    slowness: 1.8,
  },
];

const DEFAULT_PROFILE = "gpt-5-mini";

/** The profile of a model name; dated names belong to their family, unknown ones behave like the default. */
export function findProfile(model: string): ModelProfile {
  const family = model.replace(/-\d{4}-\d{2}-\d{2}$/, "");
  const named = MODEL_PROFILES.find((profile) => profile.name === family);
  const profile = named ?? MODEL_PROFILES.find((each) => each.name === DEFAULT_PROFILE);
  if (profile === undefined) throw new Error(`The profile table lacks its default, ${DEFAULT_PROFILE}.`);
  return profile;
}
