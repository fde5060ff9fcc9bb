/** The rule about data of people that stand in a text. */
import type { ReviewRule } from "../review-rule.ts";
import { placedTexts } from "../text-fields.ts";
import { PERSONAL_SHAPES } from "./personal-data-shapes.ts";

/** Of one kind in one message: more of them nobody reads. */
const MOST_MATCHES = 1_000;

export const PERSONAL_DATA: ReviewRule = {
  id: "personal-data",
  severity: "high",
  summary: "Data of a person stand in the text.",
  advice: "Take it out, or put a made-up one in its place: versions are never changed or erased.",
  find: (text) =>
    placedTexts(text).flatMap(({ words, spotAt }) => {
      const taken: (readonly [number, number])[] = [];
      return PERSONAL_SHAPES.flatMap(({ name, severity, pattern, of }) =>
        [...words.matchAll(pattern)].slice(0, MOST_MATCHES).flatMap((match) => {
          const [from, to] = [match.index, match.index + match[0].length];
          const shown = of(match);
          if (shown === null || taken.some(([a, b]) => a < to && from < b)) return [];
          taken.push([from, to]);
          const message = `${name} (${shown}) stands in the text: every call sends it to the model's provider, and no erasure reaches it.`;
          return [{ severity, message, about: `${name} ${shown}`, spot: spotAt(from) }];
        }),
      );
    }),
};
