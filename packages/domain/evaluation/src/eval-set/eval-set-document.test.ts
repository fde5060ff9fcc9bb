/** Tests of large sets: how their cases fall into chunks, and what changes with one case more. */
import { hashDocument } from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tryBuild } from "./built-eval-set.fixture.ts";
import { aDraft } from "./case-draft.fixture.ts";
import type { CaseDraft } from "./case-draft.ts";
import { chunksFor, type EvalSetDocument, isHead } from "./eval-set-document.ts";

const draftsTo = (count: number): readonly CaseDraft[] =>
  Array.from({ length: count }, (_, at) =>
    aDraft(`ticket ${at}`, { id: `case-${at}`, split: at % 2 === 0 ? "test" : "dev" }),
  );

/** The ids of each chunk. */
function chunksOf(drafts: readonly CaseDraft[]): readonly (readonly string[])[] {
  return tryBuild(drafts).plan.chunks.map((chunk) => chunk.map(({ id }) => id));
}

test("a set of up to 1,024 cases is one document, a larger one is in chunks of some 64 kB", () => {
  expect(chunksOf(draftsTo(1_024))).toHaveLength(1);
  const chunks = chunksOf(draftsTo(1_025));
  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks.flat().toSorted()).toEqual(
    draftsTo(1_025)
      .map(({ id }) => id)
      .toSorted(),
  );
  for (const chunk of chunks) expect(chunk).toEqual([...chunk].sort());
});

test("chunks are a power of two, no more than there are cases, and none is much larger than it may be", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e5 }), (cases, each) => {
      const chunks = chunksFor({ cases, size: cases * each });
      expect(Math.log2(chunks) % 1).toBe(0);
      expect(chunks).toBeLessThan(2 * cases);
      if (chunks > 1 && chunks < cases) expect((cases * each) / chunks).toBeLessThanOrEqual(1 << 16);
    }),
  );
});

test("neither the order of the drafts nor the place they come from makes other chunks", () => {
  const drafts = draftsTo(2_000);
  expect(chunksOf(drafts.toReversed())).toEqual(chunksOf(drafts));
});

test("one case more changes one chunk alone", () => {
  const drafts = draftsTo(2_000);
  const before = chunksOf(drafts).map((ids) => hashDocument(ids));
  const after = chunksOf([...drafts, aDraft("one more", { id: "more" })]).map((ids) => hashDocument(ids));
  expect(after.length).toBe(before.length);
  expect(after.filter((hash, at) => hash !== before[at])).toHaveLength(1);
});

test("a form that a newer edition keeps sets in is not taken for one of ours", () => {
  expect(isHead({ format: 1 } as unknown as EvalSetDocument)).toBe(false);
  expect(isHead({ format: 2 } as unknown as EvalSetDocument)).toBe(true);
  expect(() => isHead({ format: 3 } as unknown as EvalSetDocument)).toThrow(
    expect.objectContaining({ code: "store-newer" }),
  );
});
