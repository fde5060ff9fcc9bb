/** However a body is cut on its way, its entries are the same. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LedgerEntry } from "@colophon/kernel";
import { anExecution, fixedClock, seededIds } from "@colophon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readBatch } from "./read-batch.ts";

const ids = seededIds({ clock: fixedClock(), seed: "batch" });
const GOOD: LedgerEntry = {
  kind: "execution",
  row: anExecution(ids, { locale: "zü-😀", finishReason: "two\nlines" }),
};
const LINES = [JSON.stringify(GOOD), "{", "", "  \t", "7", '"\\ud800"', "\u00ff"];

async function* cut(bytes: Buffer, places: readonly number[]): AsyncIterable<Uint8Array> {
  let from = 0;
  for (const place of [
    ...places.map((one) => one % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ]) {
    yield bytes.subarray(from, place);
    from = place;
    await nextTurn();
  }
}

test("Lines are read as they were written, wherever their bytes are cut", async () => {
  const lines = fc.array(fc.nat(LINES.length - 1), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.array(fc.nat(), { maxLength: 9 }),
      fc.boolean(),
      async (picks, places, ends) => {
        const said = picks.map((pick) => LINES[pick] ?? "");
        const bytes = Buffer.from(said.join("\n") + (ends ? "\n" : ""));
        const { entries, refused } = await readBatch(cut(bytes, places), {
          isLines: true,
          check: () => undefined,
        });
        const meant = said.filter((line) => line.trim() !== "");
        const isGood = (index: number): boolean => meant[index] === LINES[0];
        expect(entries).toEqual(meant.flatMap((_, index) => (isGood(index) ? [{ index, entry: GOOD }] : [])));
        expect(refused.map(({ index }) => index)).toEqual(
          meant.flatMap((_, index) => (isGood(index) ? [] : [index])),
        );
      },
    ),
  );
});

test("A list is read whole, and its entries one by one", async () => {
  const bytes = Buffer.from(JSON.stringify([GOOD, null, GOOD]));
  const { entries, refused } = await readBatch(cut(bytes, [1, 2, 50, 700]), {
    isLines: false,
    check: () => undefined,
  });
  expect(entries.map(({ index }) => index)).toEqual([0, 2]);
  expect(refused).toMatchObject([{ index: 1, code: "input-malformed" }]);
});
