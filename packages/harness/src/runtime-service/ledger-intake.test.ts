/** What waits together is committed together, and one request's trouble is nobody else's. */
import { HarnessError, type LedgerStore } from "@colophon/kernel";
import { anActor, anExecution, fixedClock, seededIds } from "@colophon/testkit";
import { expect, test } from "vitest";
import { openMemoryHarness } from "../open-harness.ts";
import type { PlacedEntry } from "./commit-entries.ts";
import { LedgerIntake } from "./ledger-intake.ts";

const clock = fixedClock();
const ids = seededIds({ clock, seed: "intake" });

function entries(count: number, prompt = "support.triage"): readonly PlacedEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    entry: { kind: "execution", row: anExecution(ids, { prompt }) },
  }));
}

interface Opened {
  readonly intake: LedgerIntake;
  readonly ledger: LedgerStore;
  readonly commits: { readonly requests: number; readonly entries: number }[];
  readonly seals: number[];
}

/** Over a store in memory that fails where it is told to. */
async function open(failing: (prompts: ReadonlySet<string>) => Error | undefined): Promise<Opened> {
  const { ledger, care } = await openMemoryHarness({ actor: anActor(), clock });
  const commits: Opened["commits"] = [];
  const seals: number[] = [];
  const intake = new LedgerIntake({
    ledger: {
      ...ledger,
      append: async (rows) => {
        const error = failing(new Set(rows.map(({ prompt }) => prompt)));
        if (error !== undefined) throw error;
        return ledger.append(rows);
      },
    },
    care: {
      seal: async () => {
        seals.push(commits.length);
        return care.seal();
      },
    },
    onCommit: (commit) => commits.push(commit),
  });
  return { intake, ledger, commits, seals };
}

const nothing = (): undefined => undefined;

test("Requests that wait are committed whole, in bounded groups and in their order", async () => {
  const { intake, commits } = await open(nothing);
  const sizes = [1, 900, 900, 900, 3000, 5];
  const answers = await Promise.all(sizes.map((size) => intake.append(entries(size))));
  expect(answers.map(({ stored }) => stored)).toEqual(sizes);
  expect(commits.map(({ entries: count }) => count)).toEqual([1, 1800, 900, 3000, 5]);
});

test("A request that comes as the last commit ends is not left waiting", async () => {
  const { intake } = await open(nothing);
  // Each begins in a later moment of the one before.
  for (let moments = 0; moments < 40; moments++) {
    const first = intake.append(entries(1));
    for (let moment = 0; moment < moments; moment++) await Promise.resolve();
    expect([await intake.append(entries(1)), await first]).toMatchObject([{ stored: 1 }, { stored: 1 }]);
  }
});

test("A fault that one request brings along fails that request alone", async () => {
  const { intake, ledger } = await open((prompts) =>
    prompts.has("support.poison") ? new RangeError("too far") : undefined,
  );
  const sent = [entries(1), entries(2), entries(2, "support.poison"), entries(2)];
  const ends = await Promise.allSettled(sent.map((one) => intake.append(one)));
  expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(await ledger.listExecutions({})).toHaveLength(5);
});

test("A store in trouble fails all who wait, and takes their entries once when they come again", async () => {
  let isAway = true;
  const { intake, ledger } = await open(() =>
    isAway ? new HarnessError("store-unavailable", "The store is away.") : undefined,
  );
  const sent = [entries(1), entries(2), entries(3)];
  const ends = await Promise.allSettled(sent.map((one) => intake.append(one)));
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  isAway = false;
  const again = await Promise.all(sent.map((one) => intake.append(one)));
  expect(again.map(({ stored }) => stored)).toEqual([1, 2, 3]);
  expect(await ledger.listExecutions({})).toHaveLength(6);
});

test("Chains are sealed after so many entries, and at the end", async () => {
  const { intake, seals } = await open(nothing);
  await intake.append(entries(4100));
  await intake.append(entries(1));
  await intake.close();
  await intake.close();
  expect(seals).toEqual([1, 2]);
});
