/** Tests of the clock that tests run on. */
import { expect, test } from "vitest";
import { fixedClock } from "./fixed-clock.ts";

test("stands still until it is moved", () => {
  const clock = fixedClock("2026-03-16T14:32:00Z");
  expect(clock.now()).toBe(Date.UTC(2026, 2, 16, 14, 32));
  expect(clock.now()).toBe(clock.now());
  expect(clock.elapsed()).toBe(0);
});

test("moves both readings forward, and the wall clock alone back", () => {
  const clock = fixedClock(1000);
  clock.advance(250);
  expect([clock.now(), clock.elapsed()]).toEqual([1250, 250]);
  clock.turnBack(1000);
  expect([clock.now(), clock.elapsed()]).toEqual([250, 250]);
});

test("refuses an instant it cannot read, and time that passes backwards", () => {
  expect(() => fixedClock("half past two")).toThrow('"half past two" is no instant');
  expect(() => fixedClock().advance(-1)).toThrow("turnBack");
});
