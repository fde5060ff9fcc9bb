/** Tests of how an eval set is made: names, splits, order, and everything that is wrong said at once. */

import { hashDocument } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { build, tryBuild } from "./built-eval-set.fixture.ts";
import { aDraft } from "./case-draft.fixture.ts";
import type { CaseDraft } from "./case-draft.ts";

const TEST = aDraft("always in test", { split: "test" });

describe("the content of an eval set", () => {
  test("does not depend on the order of its cases or of their tags", () => {
    const drafts = [
      TEST,
      aDraft("a", { tags: ["x", "y"] }),
      aDraft("b", { cluster: "k" }),
      aDraft("c", { cluster: "k" }),
    ];
    const others = drafts.toReversed().map((draft) => ({ ...draft, tags: draft.tags.toReversed() }));
    expect(hashDocument(build(others))).toBe(hashDocument(build(drafts)));
  });

  test("does not depend on their order where cases of both splits come together in one cluster", () => {
    const before = build([
      TEST,
      aDraft("a", { id: "a", split: "dev" }),
      aDraft("b", { id: "b", split: "test" }),
    ]);
    const drafts = [
      TEST,
      aDraft("a", { id: "a", cluster: "talk" }),
      aDraft("b", { id: "b", cluster: "talk" }),
    ];
    const after = build(drafts, { before });
    expect(build(drafts.toReversed(), { before })).toEqual(after);
    // What was tuned against never becomes a test.
    expect(after.cases.flatMap(({ cluster, split }) => (cluster === null ? [] : [split]))).toEqual([
      "dev",
      "dev",
    ]);
  });

  test("names a case by its variables, so that a corrected expectation stays the same case", () => {
    const ids = (value: string): readonly string[] =>
      build([TEST, aDraft("a", { expected: { kind: "label", value } })]).cases.map(({ id }) => id);
    expect(ids("bug")).toEqual(ids("billing"));
  });

  test("names cases of the same variables by all they say", () => {
    const two = [
      aDraft("a", { split: "test" }),
      aDraft("a", { split: "test", expected: { kind: "label", value: "bug" } }),
    ];
    expect(build(two).cases).toHaveLength(2);
    expect(build(two.toReversed())).toEqual(build(two));
  });

  test("keeps a case that is there twice once, and says so", () => {
    const { content, plan } = tryBuild([
      TEST,
      aDraft("a", { place: "line 2" }),
      aDraft("a", { place: "line 7" }),
    ]);
    expect(content.cases).toHaveLength(2);
    expect(plan.folded).toEqual([{ place: "line 7", sameAs: "line 2" }]);
  });

  test("keeps where a case came from first, whatever line it stands in later", () => {
    const before = build([TEST, aDraft("a", { provenance: { source: "import", ref: "old.jsonl, line 9" } })]);
    const after = build([aDraft("a", { provenance: { source: "import", ref: "new.jsonl, line 1" } }), TEST], {
      before,
    });
    expect(after).toEqual(before);
  });

  test("takes a new case in place of the kept one with its id, and keeps the others", () => {
    const before = build([TEST, aDraft("a", { id: "a" }), aDraft("b", { id: "b" })]);
    const corrected = aDraft("a", { id: "a", expected: { kind: "label", value: "bug" } });
    const { cases } = build([corrected], { add: true, before });
    expect(cases).toHaveLength(3);
    expect(cases.find(({ id }) => id === "a")?.expected).toEqual({ kind: "label", value: "bug" });
  });
});

describe("splits", () => {
  const clusters = fc.array(
    fc.record({ ticket: fc.string(), cluster: fc.constantFrom(null, "k", "l", "m") }),
    {
      maxLength: 20,
    },
  );
  const draftsOf = (cases: readonly { ticket: string; cluster: string | null }[]) =>
    cases.map(({ ticket, cluster }, at) => aDraft(ticket, { id: `case-${at}`, cluster }));

  test("never tear a cluster apart, and never move a case when others come along", () => {
    fc.assert(
      fc.property(clusters, clusters, (some, more) => {
        const drafts = draftsOf([...some, ...more]);
        const before = build([TEST, ...drafts.slice(0, some.length)]);
        const after = build([TEST, ...drafts]);
        for (const members of Map.groupBy(after.cases, ({ cluster }) => cluster).entries()) {
          if (members[0] !== null) expect(new Set(members[1].map(({ split }) => split)).size).toBe(1);
        }
        const later = new Map(after.cases.map(({ id, split }) => [id, split]));
        for (const { id, split } of before.cases) expect(later.get(id)).toBe(split);
      }),
    );
  });

  test("put about the share of clusters into test that is asked for", () => {
    const drafts = Array.from({ length: 2_000 }, (_, at) => aDraft(`ticket ${at}`));
    for (const testShare of [0.2, 0.5, 1]) {
      const { cases } = build(drafts, { split: { mode: "auto", testShare } });
      const share = cases.filter(({ split }) => split === "test").length / cases.length;
      expect(Math.abs(share - testShare)).toBeLessThan(0.04);
    }
  });

  test("given by the author win, and take the rest of their cluster along", () => {
    const drafts = Array.from({ length: 20 }, (_, at) => aDraft(`${at}`, { cluster: "k" }));
    const { cases } = build([TEST, ...drafts, aDraft("given", { cluster: "k", split: "dev" })]);
    expect(cases.filter(({ cluster }) => cluster === "k").every(({ split }) => split === "dev")).toBe(true);
  });

  test("stay what they were in the version before, so that nothing tuned against becomes a test", () => {
    const drafts = Array.from({ length: 30 }, (_, at) => aDraft(`ticket ${at}`));
    const before = build([TEST, ...drafts], { split: { mode: "auto", testShare: 0.1 } });
    const after = build([TEST, ...drafts], { split: { mode: "auto", testShare: 0.9 }, before });
    expect(after).toEqual(before);
  });
});

describe("a set that cannot be", () => {
  test("is refused with every place that is wrong, and nothing of it", () => {
    const wrong = (): unknown =>
      build([
        aDraft("a", { cluster: "k", split: "dev", place: "line 1" }),
        aDraft("b", { cluster: "k", split: "test", place: "line 2" }),
        aDraft("c", { id: "x", place: "line 3" }),
        aDraft("d", { id: "x", place: "line 4" }),
      ]);
    expect(wrong).toThrow(
      'cases.jsonl cannot be taken in: line 2: cluster "k" is in test here and in dev at line 1; a cluster stays in one split; line 4: its id "x" is that of line 3 already, which says something else. Nothing was recorded.',
    );
  });

  test("is one without a test case, without any case, or without a split that was asked for", () => {
    expect(() => build([aDraft("a", { split: "dev" })])).toThrow(
      "in the test split, on which the gate decides",
    );
    expect(() => build([])).toThrow("it has no case");
    const given = { mode: "given", testShare: 0.5 } as const;
    expect(() => build([TEST, aDraft("a", { place: "line 2" })], { split: given })).toThrow(
      "line 2: names no split",
    );
  });

  test("says the first ten problems and counts the others", () => {
    const drafts = Array.from({ length: 13 }, (_, at) => aDraft(`${at}`, { id: "same" }));
    expect(() => build([TEST, ...drafts])).toThrow("; and 2 more. Nothing was recorded.");
  });
});

describe("the same variables", () => {
  const asked = (at: number, split: "dev" | "test" | null = null) =>
    [0, 1].map((which) =>
      aDraft(`question ${at}`, {
        id: `${at}-${which}`,
        split: which === 0 ? split : null,
        place: `line ${which}`,
      }),
    );

  test("stay in one split, however many cases ask them, and follow the one that names it", () => {
    const splitsOf = (drafts: readonly CaseDraft[]) =>
      Map.groupBy(build([TEST, ...drafts]).cases, ({ id }) => id.split("-")[0]);
    const drawn = splitsOf(Array.from({ length: 40 }, (_, at) => asked(at)).flat());
    for (const cases of drawn.values()) expect(new Set(cases.map(({ split }) => split)).size).toBe(1);
    const named = build([TEST, ...asked(1, "dev"), ...asked(2, "test")]).cases;
    expect(named.find(({ id }) => id === "1-1")?.split).toBe("dev");
    expect(named.find(({ id }) => id === "2-1")?.split).toBe("test");
  });

  test("in both splits are refused, also beside cases that are there already", () => {
    const [dev, test] = [asked(1, "dev")[0] as CaseDraft, { ...asked(1)[1], split: "test" } as CaseDraft];
    expect(() => build([TEST, dev, test])).toThrow("line 1: the same variables are in test here and in dev");
    const before = build([TEST, dev]);
    expect(() => build([TEST, test], { add: true, before })).toThrow("the same variables");
  });
});
