/** Refuses what has words of harm in it, as often as the model is cautious. */

import type { ModelProfile } from "../profiles.ts";
import { createSeededRandom } from "../seeded-random.ts";
import type { NoiseSource } from "./mind-request.ts";

const HARM =
  /\b(?:(?:build|make|making|assemble) (?:a |an )?(?:pipe )?(?:bomb|explosives?|nerve agent|bioweapon)|synthesi[sz]e (?:a )?(?:nerve agent|methamphetamine|pathogen)|write (?:me )?(?:a )?(?:ransomware|malware|keylogger)|steal (?:a |someone(?:'s)? )?(?:identity|credit cards?|passwords?)|counterfeit money|launder money|poison (?:someone|my|a)|stalk (?:someone|my))\b/i;

/** Why the model will not answer; undefined where it will. The same prompt is always judged alike. */
export function refuseHarm(
  texts: readonly string[],
  profile: ModelProfile,
  noise: NoiseSource,
): string | undefined {
  const harm = texts.map((text) => HARM.exec(text)?.[0]).find((found) => found !== undefined);
  if (harm === undefined) return undefined;
  const draw = createSeededRandom(noise.seed, "caution", noise.content).next();
  return draw < profile.caution ? "I'm sorry, but I can't help with that request." : undefined;
}
