/** Tests of the loop around the scheduler, with time that a test lets pass. */
import { seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HOUSES, type OpenedHouse } from "../../opened-house.fixture.ts";
import type { WatchTick } from "./delivery-watch.ts";
import { ENV, fillHouse, newestRecord, startOn, Traffic } from "./served-traffic.fixture.ts";
import { watchDelivery } from "./watch-delivery.ts";
import { watchedUntil } from "./watch-lease.ts";

describe.each(HOUSES)("watching on $name", ({ open }) => {
  let house: OpenedHouse;
  beforeEach(async () => {
    house = await open();
    await fillHouse(house);
  });
  afterEach(() => house.close());

  test("looks at its interval until it is told to stop, and lets the next one begin at once", async () => {
    const traffic = new Traffic(house);
    await startOn(house);
    const ends = new AbortController();
    const ticks: WatchTick[] = [];
    await watchDelivery(house.harness, {
      random: seededRandom("watch"),
      interval: 700,
      signal: ends.signal,
      pause: async (milliseconds) => {
        await traffic.serve(200);
        house.clock.advance(milliseconds);
      },
      onTick(tick) {
        ticks.push(tick);
        if (tick.rollouts[0]?.advanced?.state === "completed") ends.abort();
      },
    });
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.flatMap(({ problems }) => problems)).toEqual([]);
    expect(await newestRecord(house.harness)).toMatchObject({ state: "completed", environment: ENV });
    expect(await watchedUntil(house.harness)).toBeNull();
  });

  test("an interrupt ends the pause, not only the look after it", async () => {
    const ends = new AbortController();
    await watchDelivery(house.harness, {
      random: seededRandom("watch"),
      signal: ends.signal,
      pause: () => {
        queueMicrotask(() => ends.abort());
        return new Promise(() => undefined);
      },
    });
    expect(await watchedUntil(house.harness)).toBeNull();
  });
});
