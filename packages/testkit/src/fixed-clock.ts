/** A clock that stands still until a test moves it. */
import type { Clock, EpochMs } from "@colophon/kernel";

export interface FixedClock extends Clock {
  /** Lets time pass: the wall clock and the monotone reading move together. */
  advance(ms: number): void;
  /** Sets the wall clock back, as a time server may; the monotone reading stays. */
  turnBack(ms: number): void;
}

const START = "2026-03-16T14:32:00.000Z";

/** A clock that starts at the given instant (ISO 8601, or milliseconds since the epoch). */
export function fixedClock(start: string | EpochMs = START): FixedClock {
  let now = typeof start === "number" ? start : Date.parse(start);
  if (!Number.isFinite(now)) throw new RangeError(`"${start}" is no instant; give ISO 8601 or milliseconds.`);
  let elapsed = 0;
  return {
    now: () => now,
    elapsed: () => elapsed,
    advance(ms) {
      if (!(ms >= 0))
        throw new RangeError(`Time cannot pass by ${ms} ms; turnBack sets the wall clock back.`);
      now += ms;
      elapsed += ms;
    },
    turnBack(ms) {
      now -= ms;
    },
  };
}
