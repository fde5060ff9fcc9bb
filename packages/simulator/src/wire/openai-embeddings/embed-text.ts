/** Embeds a text by hashing its stems and their neighbours: texts that share words lie near each other. */

import { stemsOf, wordsOf } from "../../mind/words.ts";
import { hashText } from "../../seeded-random.ts";

/** Each feature is spread over so many places, so that a collision of two costs little. */
const PLACES = 4;
const STEM_WEIGHT = 1;
const PAIR_WEIGHT = 0.5;
const TRIGRAM_WEIGHT = 0.15;

function featuresOf(text: string): ReadonlyMap<string, number> {
  const features = new Map<string, number>();
  const add = (feature: string, weight: number): void => {
    features.set(feature, (features.get(feature) ?? 0) + weight);
  };
  const stems = [...stemsOf(text)];
  for (const [index, stem] of stems.entries()) {
    add(stem, STEM_WEIGHT);
    if (index > 0) add(`${stems[index - 1]} ${stem}`, PAIR_WEIGHT);
    for (let at = 0; at + 3 <= stem.length; at++) add(`~${stem.slice(at, at + 3)}`, TRIGRAM_WEIGHT);
  }
  // A text of stop words alone still has a direction of its own.
  if (features.size === 0) for (const word of wordsOf(text)) add(word, STEM_WEIGHT);
  if (features.size === 0) add(`text ${text.trim()}`, STEM_WEIGHT);
  return features;
}

/** A vector of length 1 with so many dimensions; the same text and model always give the same. */
export function embedText(model: string, text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [feature, weight] of featuresOf(text)) {
    for (let place = 0; place < PLACES; place++) {
      const hash = hashText(`${model} ${feature}`, place);
      const index = hash % dimensions;
      const sign = Math.floor(hash / 2 ** 32) % 2 === 0 ? 1 : -1;
      vector[index] = (vector[index] ?? 0) + sign * weight;
    }
  }
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  else for (let index = 0; index < dimensions; index++) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}
