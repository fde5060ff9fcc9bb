/** Tests of the chance that tests run on. */
import { timeOfId } from "@colophon/kernel";
import { expect, test } from "vitest";
import { fixedClock } from "./fixed-clock.ts";
import { seededIds } from "./seeded-ids.ts";
import { seededRandom } from "./seeded-random.ts";

test("gives the same bytes for the same seed, however they are asked for", () => {
  const [whole, parts] = [seededRandom("a"), seededRandom("a")];
  const bytes = [...whole.fill(new Uint8Array(8))];
  expect([...parts.fill(new Uint8Array(3)), ...parts.fill(new Uint8Array(5))]).toEqual(bytes);
});

test("gives other bytes for another seed", () => {
  const first = [1, 2, "1 2", ""].map((seed) => seededRandom(seed).fill(new Uint8Array(16)).join());
  expect(new Set(first).size).toBe(4);
});

test("gives every byte about as often as any other", () => {
  const counts = new Array<number>(256).fill(0);
  for (const byte of seededRandom(7).fill(new Uint8Array(256 * 400))) counts[byte] = (counts[byte] ?? 0) + 1;
  // Six standard deviations around 400.
  for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(120);
});

test("makes ids that are stamped by the clock and the same in every run", () => {
  const make = (): readonly string[] => {
    const clock = fixedClock(5_000);
    const ids = seededIds({ clock, seed: 1 });
    const first = ids.next();
    clock.advance(10);
    return [first, ids.next(), ids.next()];
  };
  expect(make()).toEqual(make());
  expect(make().map(timeOfId)).toEqual([5_000, 5_010, 5_010]);
  expect(new Set(make()).size).toBe(3);
});
