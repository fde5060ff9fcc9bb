/** `watchDelivery`: looks again and again, until it is told to stop. */
import type { Harness } from "../../harness.ts";
import { DeliveryWatch, type DeliveryWatchOptions, type WatchTick } from "./delivery-watch.ts";

export interface WatchDeliveryOptions extends DeliveryWatchOptions {
  /** Milliseconds between two looks; one second unless given. */
  readonly interval?: number;
  /** Ends it after the look that is going on. */
  readonly signal: AbortSignal;
  /** Waits; `setTimeout` of `node:timers/promises`, or what stands for it. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Hears what every look came to. */
  readonly onTick?: (tick: WatchTick) => void;
}

const INTERVAL_MS = 1_000;

/**
 * Runs the scheduler. Of several on one store one acts; the others stand by, and one of them takes over some
 * five seconds after it has ended or hangs, at once where it was stopped in order.
 *
 * @example
 * import { setTimeout as pause } from "node:timers/promises";
 * import { systemRandom as random } from "@colophon/kernel";
 * const { signal } = new AbortController();
 * await watchDelivery(harness, { random, signal, pause });
 */
export async function watchDelivery(harness: Harness, options: WatchDeliveryOptions): Promise<void> {
  const { interval = INTERVAL_MS, signal, pause, onTick, ...parts } = options;
  const watch = new DeliveryWatch(harness, parts);
  try {
    while (!signal.aborted) {
      onTick?.(await watch.tick());
      await stopped(signal, pause(interval));
    }
  } finally {
    await watch.close();
  }
}

/** Ends with the pause, or earlier when the signal says so. */
async function stopped(signal: AbortSignal, pause: Promise<unknown>): Promise<void> {
  if (signal.aborted) return;
  let end = (): void => undefined;
  const aborted = new Promise<void>((done) => {
    end = done;
    signal.addEventListener("abort", end, { once: true });
  });
  await Promise.race([pause, aborted]);
  signal.removeEventListener("abort", end);
}
