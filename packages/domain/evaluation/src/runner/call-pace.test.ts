/** Tests of the pace: slow to grow, quick to halve, shut while a provider asks for peace. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { CallPace, type PaceSlot } from "./call-pace.ts";

function pace(start = 4, most = 16) {
  const waits: { readonly milliseconds: number; readonly end: () => void }[] = [];
  const made = new CallPace({
    start,
    most,
    sleep: (milliseconds) => new Promise((end) => waits.push({ milliseconds, end })),
  });
  return { pace: made, waits };
}

async function enter(made: CallPace): Promise<PaceSlot> {
  const slot = await made.enter();
  if (slot === undefined) throw new Error("The pace is closed.");
  return slot;
}

test("it grows by one for a full round of answers, up to the most", async () => {
  const { pace: made } = pace(2, 3);
  for (const limit of [2, 2, 2, 3]) {
    expect(made.limit).toBe(limit);
    const slot = await enter(made);
    slot.answered();
    slot.leave();
  }
  for (let at = 0; at < 50; at++) {
    const slot = await enter(made);
    slot.answered();
    slot.leave();
  }
  expect(made.limit).toBe(3);
});

test("those under way together halve it once, and never below one", async () => {
  const { pace: made } = pace(8);
  const slots = await Promise.all(Array.from({ length: 8 }, () => enter(made)));
  for (const slot of slots) slot.crowded(null);
  for (const slot of slots) slot.leave();
  expect(made.limit).toBe(4);
  for (let at = 0; at < 10; at++) {
    const slot = await enter(made);
    slot.crowded(null);
    slot.leave();
  }
  expect(made.limit).toBe(1);
});

test("nobody enters before the pause that was asked for is over", async () => {
  const { pace: made, waits } = pace();
  const slot = await enter(made);
  slot.crowded(5_000);
  slot.leave();
  let entered = false;
  const waiting = made.enter().then(() => {
    entered = true;
  });
  await new Promise((done) => setImmediate(done));
  expect(entered).toBe(false);
  expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([5_000]);
  waits[0]?.end();
  await waiting;
  expect(entered).toBe(true);
});

test("a closed one lets nobody in, and those who wait go", async () => {
  const { pace: made } = pace(1, 1);
  const slot = await enter(made);
  const waiting = made.enter();
  made.close();
  expect(await waiting).toBeUndefined();
  slot.leave();
  expect(await made.enter()).toBeUndefined();
});

test("one whose work is stopped is closed, whenever that was", async () => {
  const stop = new AbortController();
  const parts = { start: 1, most: 1, sleep: async () => {}, signal: stop.signal };
  const made = new CallPace(parts);
  await enter(made);
  const waiting = [made.enter(), made.enter()];
  stop.abort();
  expect(await Promise.all([...waiting, made.enter(), new CallPace(parts).enter()])).toEqual(
    Array(4).fill(undefined),
  );
});

test("whatever a provider says, everybody gets a place in the end, and never too many at once", async () => {
  const outcome = fc.oneof(
    fc.constant("answered" as const),
    fc.constant(null),
    fc.integer({ min: 0, max: 50 }),
  );
  const size = fc.integer({ min: 1, max: 6 });
  await fc.assert(
    fc.asyncProperty(
      size,
      size,
      fc.array(outcome, { minLength: 1, maxLength: 40 }),
      async (start, most, outcomes) => {
        const made = new CallPace({ start, most, sleep: () => new Promise((done) => setImmediate(done)) });
        let active = 0;
        const call = async (said: (typeof outcomes)[number]): Promise<void> => {
          const slot = await enter(made);
          active += 1;
          expect(active).toBeLessThanOrEqual(most);
          await new Promise((done) => setImmediate(done));
          if (said === "answered") slot.answered();
          else slot.crowded(said);
          expect(made.limit).toBeGreaterThanOrEqual(1);
          active -= 1;
          slot.leave();
        };
        await Promise.all(outcomes.map(call));
        expect(active).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});
