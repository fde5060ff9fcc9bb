/** What is put together from pieces is the canonical JSON of the whole, and the changes lead there. */
import { createHash } from "node:crypto";
import {
  canonicalJson,
  hashText,
  type SnapshotChange,
  type SnapshotDocument,
  type SnapshotPrompt,
  type VersionText,
} from "@colophon/kernel";
import { aText } from "@colophon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EnvironmentView } from "./environment-view.ts";
import { FEED_LIMITS, type FeedLimits } from "./feed-limits.ts";
import { TextPieces } from "./text-pieces.ts";

const TEXTS: readonly VersionText[] = ["One", "Zwei ä 😀", 'Three "3"', "4"].map((body) => ({
  ...aText(),
  body,
}));
const KEYS = ["support.triage", "a.b", "Z", "z/é"];

const prompt: fc.Arbitrary<SnapshotPrompt> = fc.record({
  risk: fc.constantFrom("low", "high"),
  versions: fc
    .uniqueArray(fc.nat(TEXTS.length - 1))
    .map((picks) =>
      Object.fromEntries(picks.map((pick) => [pick + 1, { hash: hashOf(pick), withdrawn: false }])),
    ),
  releases: fc.dictionary(
    fc.constantFrom("production", "staging"),
    fc.record({
      version: fc.integer({ min: 1, max: 4 }),
      ...{ model: fc.constant(null), inherited: fc.constant(null), plan: fc.constant(null) },
    }),
  ),
  overrides: fc.array(
    fc.record({
      kind: fc.constant("user" as const),
      subject: fc.string({ unit: "grapheme", maxLength: 4 }),
      version: fc.integer({ min: 1, max: 4 }),
      environment: fc.constantFrom("production", "staging", null),
      expires: fc.constant(null),
    }),
    { maxLength: 3 },
  ),
});
const prompts = fc.dictionary(fc.constantFrom(...KEYS), prompt);

function hashOf(pick: number): string {
  return hashText(TEXTS[pick] ?? aText());
}

const ALL: Readonly<Record<string, VersionText>> = Object.fromEntries(
  TEXTS.map((text) => [hashText(text), text]),
);

/** The document by the protocol's own words. */
function expected(
  state: ReadonlyMap<string, SnapshotPrompt>,
  revision: number,
  most: number,
): SnapshotDocument {
  const cut = Array.from(state, ([key, one]): [string, SnapshotPrompt] => [
    key,
    {
      ...one,
      releases: Object.fromEntries(Object.entries(one.releases).filter(([name]) => name === "production")),
      overrides: one.overrides.filter(({ environment }) => environment !== "staging"),
    },
  ]);
  const isFetched = cut.reduce((sum, [, { overrides }]) => sum + overrides.length, 0) > most;
  const sent = cut.map(([key, one]) => [key, isFetched ? { ...one, overrides: [] } : one] as const);
  const needed = sent.flatMap(([, { versions }]) => Object.values(versions).map(({ hash }) => hash));
  return {
    ...{ format: 1, revision, at: revision, environments: ["production"] },
    prompts: Object.fromEntries(sent),
    texts: Object.fromEntries(needed.map((hash) => [hash, ALL[hash] as VersionText])),
    ...(isFetched ? { overrides: "fetched" as const } : {}),
  };
}

function viewOf(state: ReadonlyMap<string, SnapshotPrompt>, limits: Partial<FeedLimits>): EnvironmentView {
  const texts = new TextPieces();
  texts.add(ALL);
  return new EnvironmentView({
    ...{ environment: "production", texts },
    limits: { ...FEED_LIMITS, ...limits },
    state: { revision: 1, at: 1, prompts: state },
  });
}

test("After any changes the document is the canonical JSON of its snapshot, under its hash", () => {
  fc.assert(
    fc.property(prompts, fc.array(prompts, { maxLength: 6 }), (first, changes) => {
      const state = new Map(Object.entries(first));
      const view = viewOf(new Map(state), { overrides: 3 });
      let client = JSON.parse(Buffer.from(view.document().bytes).toString()) as SnapshotDocument;
      for (const [nth, changed] of changes.entries()) {
        const revision = nth + 2;
        for (const [key, one] of Object.entries(changed)) state.set(key, one);
        const base = { revision, at: revision, environments: ["staging", "production"] };
        const served = view.apply({ ...base, prompts: changed, texts: {} });
        const { bytes, hash } = view.document();
        const text = Buffer.from(bytes).toString();
        const document = expected(state, revision, 3);
        expect(text).toBe(canonicalJson(document));
        expect(hash).toBe(createHash("sha256").update(text).digest("hex"));
        // Who had the document before and takes the change has this one, and perhaps texts of before.
        const { touched, ...change }: SnapshotChange =
          served === undefined ? document : (JSON.parse(served.json) as SnapshotChange);
        if (served !== undefined) {
          expect(served.json).toBe(canonicalJson(JSON.parse(served.json)));
          // Nothing happens to a prompt without its name being said.
          const named = [...Object.keys(change.prompts), ...(touched ?? [])];
          expect(named.toSorted()).toEqual(Object.keys(changed).toSorted());
        }
        client = {
          ...(served === undefined ? document : { ...client, ...change }),
          prompts: { ...client.prompts, ...change.prompts },
          texts: { ...client.texts, ...change.texts },
        };
        expect(client).toEqual({ ...document, texts: { ...client.texts, ...document.texts } });
      }
    }),
  );
});

test("The last changes are kept, so many and so large together, and nothing is said of what is gone", () => {
  const [one, two] = fc.sample(prompt, { numRuns: 2, seed: 7 });
  if (one === undefined || two === undefined) throw new Error("There are two.");
  const view = viewOf(new Map([["a.b", one]]), { changes: 3, overrides: 100 });
  for (let revision = 2; revision <= 6; revision++) {
    const changed = { "a.b": revision % 2 === 0 ? two : one };
    view.apply({ revision, at: 1, environments: [], prompts: changed, texts: {} });
  }
  const after = (revision: number) => view.changesAfter(revision)?.map((change) => change.revision);
  expect([2, 3, 5, 6, 7].map(after)).toEqual([undefined, [4, 5, 6], [6], [], undefined]);
  const tight = viewOf(new Map([["a.b", one]]), { changesSize: 10 });
  tight.apply({ revision: 2, at: 1, environments: [], prompts: { "a.b": two }, texts: {} });
  expect([tight.changesAfter(1), tight.changesAfter(2)]).toEqual([undefined, []]);
});
