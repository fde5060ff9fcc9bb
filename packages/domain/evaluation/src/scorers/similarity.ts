/** The scorer `similarity`: how near in meaning the answer is to the expected text, by an embedding model. */
import type { Embedder } from "@colophon/kernel";
import { cosineSimilarity } from "@colophon/methods";
import type { Scorer } from "../scorer.ts";
import { defineScorer } from "./define-scorer.ts";
import { expectedText } from "./expected-text.ts";
import { optional, SHARE, TEXT } from "./option.ts";
import { graded, noScore } from "./score-outcome.ts";

/** Cosine of the two vectors; what points away from each other is as good as unrelated: 0. */
export function similarityScorer(embedder: Embedder | undefined): Scorer {
  return defineScorer({
    name: "similarity",
    options: { value: optional(TEXT), threshold: optional(SHARE) },
    lacks: () =>
      embedder === undefined
        ? 'Scorer "similarity" needs an embedding model; name one for this run.'
        : undefined,
    prepare:
      ({ value, threshold }) =>
      async ({ text, expected }) => {
        if (embedder === undefined) return noScore("There is no embedding model.");
        const wanted = value ?? expectedText(expected);
        if (wanted === undefined) {
          return noScore("The case expects no text to compare with; give it one, or the scorer a value.");
        }
        // Providers refuse to embed nothing.
        if (text === null || text.trim() === "") return graded(wanted.trim() === "" ? 1 : 0, threshold);
        const result = await embedder.embed([text, wanted]);
        if (!result.ok) return noScore(`The embedding failed: ${result.failure.message}`);
        const [said = [], goal = []] = result.embedding.vectors;
        const cosine = cosineSimilarity(said, goal);
        if (cosine === null) return noScore("The embedding model gave vectors that cannot be compared.");
        return graded(Math.max(0, cosine), threshold);
      },
  });
}
