/** Paces calls against providers that have had too much, with time in hand. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Pace, type Slot } from "./pace.ts";

/** A pace, and the waits that it asks for, ended by hand. */
function paced(most: number) {
  const stop = new AbortController();
  const waits: { readonly milliseconds: number; readonly end: () => void }[] = [];
  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((end) => waits.push({ milliseconds, end }));
  return { pace: new Pace({ most, sleep, signal: stop.signal }), waits, stop };
}

/** All that is waiting for promises alone runs. */
async function settled(): Promise<void> {
  await new Promise((done) => setImmediate(done));
}

async function enterAll(pace: Pace, count: number): Promise<Slot[]> {
  const slots: Slot[] = [];
  for (let index = 0; index < count; index++) void pace.enter().then((slot) => slot && slots.push(slot));
  await settled();
  return slots;
}

test("no more calls are under way than the most", async () => {
  const { pace } = paced(3);
  const slots = await enterAll(pace, 5);
  expect(slots).toHaveLength(3);
  slots[0]?.leave();
  await settled();
  expect(slots).toHaveLength(4);
});

test("calls that were under way together halve the pace once, and answers bring it back one by one", async () => {
  const { pace } = paced(8);
  const slots = await enterAll(pace, 8);
  for (const slot of slots) slot.crowded(null);
  expect(pace.limit).toBe(4);
  for (const slot of slots) slot.leave();
  const [later] = await enterAll(pace, 1);
  later?.crowded(null);
  expect(pace.limit).toBe(2);
  for (let count = 0; count < 3; count++) later?.answered();
  expect(pace.limit).toBe(3);
  for (let count = 0; count < 1_000; count++) later?.answered();
  expect(pace.limit).toBe(8);
});

test("one who is asked to wait makes all wait, and the longest wait counts", async () => {
  const { pace, waits } = paced(4);
  const [first, second] = await enterAll(pace, 2);
  first?.crowded(2_000);
  second?.crowded(5_000);
  first?.leave();
  second?.leave();
  const slots = await enterAll(pace, 1);
  expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([2_000, 5_000]);
  waits[0]?.end();
  await settled();
  expect(slots).toHaveLength(0);
  waits[1]?.end();
  await settled();
  expect(slots).toHaveLength(1);
});

test("work that is stopped lets everybody who waits go, without a place", async () => {
  const { pace, stop } = paced(1);
  await pace.enter();
  const waiting = [pace.enter(), pace.enter()];
  await settled();
  stop.abort();
  expect(await Promise.all([...waiting, pace.enter()])).toEqual([undefined, undefined, undefined]);
});

test("whatever a provider says, everybody gets a place in the end, and never too many at once", async () => {
  const outcome = fc.oneof(
    fc.constant("answered" as const),
    fc.constant(null),
    fc.integer({ min: 0, max: 50 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(outcome, { minLength: 1, maxLength: 40 }),
      async (most, outcomes) => {
        const pace = new Pace({
          most,
          sleep: () => new Promise((done) => setImmediate(done)),
          signal: new AbortController().signal,
        });
        let active = 0;
        const call = async (outcome: (typeof outcomes)[number]): Promise<void> => {
          const slot = await pace.enter();
          active += 1;
          expect(active).toBeLessThanOrEqual(most);
          await new Promise((done) => setImmediate(done));
          if (outcome === "answered") slot?.answered();
          else slot?.crowded(outcome);
          expect(pace.limit).toBeGreaterThanOrEqual(1);
          active -= 1;
          slot?.leave();
        };
        await Promise.all(outcomes.map(call));
        expect(active).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});
