/** Tests of clusters: copies and families are found, whatever their order, and their differences are told. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aFinding } from "../report/scanned-texts.fixture.ts";
import { clusterFindings } from "./cluster-findings.ts";
import { summarizeClusters } from "./summarize-clusters.ts";

const SUPPORT =
  "You are a support agent of a bicycle shop. Answer in two sentences and never promise a refund.";

function clustersOf(...texts: readonly string[]): readonly (string | null)[] {
  return clusterFindings(texts.map((text, at) => aFinding(text, { line: at + 1 }))).map(
    ({ cluster }) => cluster,
  );
}

describe("clusterFindings", () => {
  it("puts six copies of “You are an expert” together, short as they are", () => {
    const texts = ["law", "tax", "cooking", "chess", "gardening", "music"].map(
      (field) => `You are an expert in ${field}.`,
    );
    expect(clustersOf(...texts, "Summarize the article in three points.")).toEqual([
      ...texts.map(() => "c1"),
      null,
    ]);
  });

  it("finds a text again in which words were exchanged, and one with other names of variables", () => {
    expect(
      clustersOf(
        "Translate the text into French and keep the names: {{text}}",
        "Translate the text into French and keep all names: {{body}}",
        "Write a poem about the sea in four lines.",
      ),
    ).toEqual(["c1", "c1", null]);
  });

  it("takes a common beginning for a family only where it is much of the shorter text", () => {
    const long = "You are a helpful assistant. ";
    expect(
      clustersOf(
        `${long}Read the contract below, name every duty of the tenant, and quote the clause that it stands in.`,
        `${long}Turn the question into one query for our database; use the tables given and nothing else at all.`,
      ),
    ).toEqual([null, null]);
    expect(clustersOf(long, `${long}Be brief.`)).toEqual(["c1", "c1"]);
  });

  it("names the largest cluster first, and of equals the one that stands first", () => {
    const [a, b, c] = [
      "Count the words of this text: {{t}}",
      "Name the capital of this country: {{c}}",
      SUPPORT,
    ];
    expect(clustersOf(a, b, b, a, c, c, c)).toEqual(["c2", "c3", "c3", "c2", "c1", "c1", "c1"]);
  });

  it("joins no chain of small steps: each member is near the one in the middle", () => {
    const word = (at: number): string => `word${String.fromCharCode(97 + at)}`;
    const texts = Array.from({ length: 12 }, (_, at) =>
      Array.from({ length: 10 }, (_, place) => word(at * 2 + place)).join(" "),
    );
    const found = clusterFindings(texts.map((text, at) => aFinding(text, { line: at + 1 })));
    const sizes = Map.groupBy(found, ({ cluster }) => cluster);
    expect(Math.max(...[...sizes.values()].map(({ length }) => length))).toBeLessThan(6);
  });

  it("gives the same groups whatever the order, and no cluster of one", () => {
    const words = fc.constantFrom("you", "are", "an", "expert", "in", "law", "tax", "answer", "briefly");
    const texts = fc.array(fc.array(words, { minLength: 1, maxLength: 8 }), { maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.nat()), (all, chance) => {
        const findings = all.map((one, at) => aFinding(one.join(" "), { line: at + 1 }));
        const mixed = findings
          .map((finding) => ({ finding, at: chance.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ finding }) => finding);
        const found = clusterFindings(findings);
        const again = clusterFindings(mixed);
        const byLine = new Map(again.map(({ line, cluster }) => [line, cluster]));
        expect(found.map(({ line }) => byLine.get(line))).toEqual(found.map(({ cluster }) => cluster));
        for (const [cluster, members] of Map.groupBy(found, (one) => one.cluster))
          if (cluster !== null) expect(members.length).toBeGreaterThan(1);
      }),
    );
  });
});

describe("summarizeClusters", () => {
  it("tells how each member differs from the text in their middle, by word", () => {
    const others = ["one sentence", "two sentences", "two sentences", "four sentences"];
    const findings = clusterFindings(
      others.map((form, at) =>
        aFinding(`You are a careful editor of the news desk. Shorten the text to ${form}.`, { line: at + 1 }),
      ),
    );
    const [summary, ...more] = summarizeClusters(findings);
    expect(more).toEqual([]);
    expect(summary).toMatchObject({ cluster: "c1", size: 4, texts: 3, central: { line: 2 } });
    expect(summary?.others.map(({ finding }) => finding.line)).toEqual([3, 4, 1]);
    expect(summary?.others[0]?.words).toEqual([]);
    expect(summary?.others[1]?.words.filter(({ change }) => change !== "same")).toEqual([
      { change: "removed", text: "two" },
      { change: "added", text: "four" },
    ]);
  });
});
