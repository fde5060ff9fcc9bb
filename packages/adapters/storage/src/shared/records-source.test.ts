/** Any registry can feed a resolver: by looks at its revision alone, in whatever pieces its log is read. */
import { hashText, type SnapshotChange, type SnapshotDocument } from "@colophon/kernel";
import {
  aReleaseDraft,
  aText,
  aVersionDraft,
  fixedClock,
  seededIds,
  seededRandom,
  snapshotSourceContract,
} from "@colophon/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import { createMemoryStore } from "../memory/create-memory-store.ts";
import { createRecordsSource } from "./records-source.ts";

/** Looked for often, and given up only where a busy machine would have had it long ago. */
const SOON = { timeout: 20_000, interval: 10 };

snapshotSourceContract({
  name: "the source of a registry that is looked at",
  first: "soon",
  open(parts) {
    const { records, care, close } = createMemoryStore(parts);
    const source = createRecordsSource({ records, pollMs: 5 });
    const dispose = async (): Promise<void> => {
      await source.close();
      await close();
    };
    return { source, records, care, dispose };
  },
});

test("A log of thousands of records comes as one snapshot, with the partials that its texts pin", async () => {
  const clock = fixedClock();
  const parts = { clock, ids: seededIds({ clock, seed: "source" }), random: seededRandom("source") };
  const { records } = createMemoryStore(parts);
  const partial = aText({ body: "Be brief." });
  const text = { ...aText(), partials: { "tone@v1": hashText(partial) } };
  await records.append(() => ({
    drafts: [
      aVersionDraft(partial, { key: "tone" }),
      aVersionDraft(text, { key: "first" }),
      aReleaseDraft({ key: "first" }),
      ...Array.from({ length: 2500 }, () => aReleaseDraft({ key: "first" })),
    ],
    texts: [partial, text],
    result: null,
  }));
  const snapshots: SnapshotDocument[] = [];
  const changes: SnapshotChange[] = [];
  const source = createRecordsSource({ records, pollMs: 5 });
  onTestFinished(() => source.close());
  source.start({
    onSnapshot: (document) => void snapshots.push(document),
    onChange: (change) => void changes.push(change),
    onLost: (error) => expect.unreachable(error.message),
    onRecovered: () => expect.unreachable("nothing was lost"),
  });
  await vi.waitFor(() => expect(snapshots).toHaveLength(1), SOON);
  expect(snapshots[0]?.revision).toBe(await records.revision());
  expect(Object.keys(snapshots[0]?.prompts ?? {}).toSorted()).toEqual(["first", "tone"]);
  expect(snapshots[0]?.prompts.tone?.versions[1]).toBeDefined();
  expect(Object.keys(snapshots[0]?.texts ?? {})).toHaveLength(2);
  expect(changes).toEqual([]);
});

test("A store that says nothing any more counts as lost, once, and as found when it answers", async () => {
  const clock = fixedClock();
  const parts = { clock, ids: seededIds({ clock, seed: "source" }), random: seededRandom("source") };
  const { records } = createMemoryStore(parts);
  let held: PromiseWithResolvers<void> | undefined;
  const silent = {
    ...records,
    async revision() {
      await held?.promise;
      return records.revision();
    },
  };
  const heard: string[] = [];
  const source = createRecordsSource({ records: silent, pollMs: 5, patienceMs: 20 });
  onTestFinished(() => source.close());
  source.start({
    onSnapshot: () => void heard.push("snapshot"),
    onChange: ({ revision }) => void heard.push(`change ${revision}`),
    onLost: (error) => void heard.push(error.message),
    onRecovered: () => void heard.push("found"),
  });
  await vi.waitFor(() => expect(heard).toEqual(["snapshot"]), SOON);
  held = Promise.withResolvers();
  const lost = "The store says nothing to what it is asked.";
  await vi.waitFor(() => expect(heard).toEqual(["snapshot", lost]), SOON);
  await records.append(() => ({ drafts: [aReleaseDraft()], texts: [], result: null }));
  held.resolve();
  held = undefined;
  const change = `change ${await records.revision()}`;
  await vi.waitFor(() => expect(heard).toEqual(["snapshot", lost, change, "found"]), SOON);
});
