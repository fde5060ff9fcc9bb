/** Waiting ends when it is so, and at the latest when the time is over. */
import { expect, test, vi } from "vitest";
import { Waiting } from "./waiting.ts";

test("Who waits goes on as soon as it is so, and not when somebody tells of something else", async () => {
  const waiting = new Waiting();
  let isSo = false;
  const ended = vi.fn();
  const both = Promise.all([
    waiting.until(() => isSo, 60_000).then(ended),
    waiting.until(() => isSo, 60_000).then(ended),
  ]);
  waiting.tell();
  await Promise.resolve();
  expect(ended).not.toHaveBeenCalled();
  isSo = true;
  waiting.tell();
  await both;
  expect(ended).toHaveBeenCalledTimes(2);
});

test("What is so already is not waited for, and what never becomes so until the time is over", async () => {
  vi.useFakeTimers();
  try {
    const waiting = new Waiting();
    await waiting.until(() => true, 60_000);
    const ended = vi.fn();
    const wait = waiting.until(() => false, 60_000).then(ended);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await wait;
    waiting.tell();
    expect(ended).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
