/** Draws how long an answer takes: from a range, or from the log-normal distribution of its model. */

import type { ModelProfile } from "../profiles.ts";
import type { SeededRandom } from "../seeded-random.ts";

/** Milliseconds for a model of middling speed; profiles scale them. */
export type LatencySetting =
  | { readonly kind: "range"; readonly min: number; readonly max: number }
  | { readonly kind: "log-normal"; readonly median: number; readonly perToken: number };

export interface Latency {
  /** How long until the first token of a stream; waiting is the server's affair. */
  readonly firstTokenMs: number;
  /** How long the answer takes as a whole. */
  readonly latencyMs: number;
}

interface Drawing {
  readonly profile: ModelProfile;
  readonly random: SeededRandom;
  readonly tokens: number;
}

/** A range halves between the first token and the rest; log-normal is the first token, each further one costs the same. */
export function drawLatency(setting: LatencySetting, { profile, random, tokens }: Drawing): Latency {
  if (setting.kind === "range") {
    const latencyMs = (setting.min + random.next() * (setting.max - setting.min)) * profile.slowness;
    return { firstTokenMs: latencyMs / 2, latencyMs };
  }
  const spread = Math.exp(profile.latencySpread * random.normal());
  const firstTokenMs = setting.median * profile.slowness * spread;
  return { firstTokenMs, latencyMs: firstTokenMs + tokens * setting.perToken * profile.slowness };
}
