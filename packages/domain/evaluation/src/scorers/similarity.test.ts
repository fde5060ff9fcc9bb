/** Tests of the similarity of texts by their embeddings. */
import type { Embedder } from "@colophon/kernel";
import { expect, test } from "vitest";
import { asLabel, input, scoreBy } from "./scorers.fixture.ts";

const VECTORS: Readonly<Record<string, readonly number[]>> = {
  cat: [1, 0],
  kitten: [4, 3],
  dog: [0, 1],
  anti: [-1, 0],
  odd: [1],
};

const embedder: Embedder = {
  model: { provider: "openai", id: "text-embedding-3-small" },
  async embed(texts) {
    if (texts.includes("broken")) {
      const facts = { latency: 1, host: null, status: 500, retryAfter: null };
      return {
        ok: false,
        failure: { kind: "server", reach: "passing", message: "The provider failed.", ...facts },
      };
    }
    return {
      ok: true,
      embedding: { vectors: texts.map((text) => VECTORS[text] ?? []), tokens: 2, latency: 1, host: null },
    };
  },
};

const similar = (said: string | null, wanted: string, options = {}) =>
  scoreBy({ scorer: "similarity", options }, input(said, asLabel(wanted)), { embedder });

test("Similarity is the cosine of the vectors, and nothing below 0", async () => {
  expect(await similar("kitten", "cat")).toMatchObject({ ok: true, value: 0.8 });
  expect(await similar("dog", "cat")).toMatchObject({ value: 0 });
  expect(await similar("anti", "cat")).toMatchObject({ value: 0 });
  expect(await similar("kitten", "cat", { threshold: 0.75 })).toMatchObject({ value: 1 });
});

test("An empty answer is similar to nothing but an empty one, and is not embedded", async () => {
  expect(await similar(null, "cat")).toMatchObject({ ok: true, value: 0 });
  expect(await similar("  ", "")).toMatchObject({ ok: true, value: 1 });
});

test("A failed embedding is an error, and so are vectors that cannot be compared", async () => {
  expect(await similar("broken", "cat")).toEqual({
    ok: false,
    error: "The embedding failed: The provider failed.",
  });
  expect(await similar("odd", "cat")).toMatchObject({ ok: false });
});
