/** The sliding windows of the past, as a standing guard would have seen them. */

/** What was observed in a slot of time. */
export interface Slot {
  /** Number of the slot since the epoch. */
  readonly index: number;
  readonly count: number;
  readonly sum: number;
}

export interface PastWindow {
  /** Of its last slot. */
  readonly index: number;
  /** Of its last slot (UTC), since the epoch. */
  readonly day: number;
  /** The mean, or the sum per hour. */
  readonly value: number;
  readonly count: number;
}

export interface WindowQuestion {
  readonly slots: readonly Slot[];
  /** Milliseconds of a slot. */
  readonly slot: number;
  readonly window: number;
  readonly minimum: number;
  readonly measure: "mean" | "per-hour";
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** One at the end of each slot that has a whole window before it and enough observations in it, in order of time. */
export function pastWindows(question: WindowQuestion): readonly PastWindow[] {
  const { slots, slot, window, minimum, measure } = question;
  if (slots.length === 0) return [];
  const bySlot = new Map(slots.map((one) => [one.index, one]));
  const first = slots.reduce((least, { index }) => Math.min(least, index), Number.POSITIVE_INFINITY);
  const last = slots.reduce((most, { index }) => Math.max(most, index), Number.NEGATIVE_INFINITY);
  const length = Math.max(1, Math.round(window / slot));
  const windows: PastWindow[] = [];
  let [count, sum] = [0, 0];
  for (let index = first; index <= last; index += 1) {
    const [enters, leaves] = [bySlot.get(index), bySlot.get(index - length)];
    count += (enters?.count ?? 0) - (leaves?.count ?? 0);
    sum += (enters?.sum ?? 0) - (leaves?.sum ?? 0);
    if (count < Math.max(1, minimum) || index < first + length - 1) continue;
    const value = measure === "mean" ? sum / count : (sum * HOUR_MS) / window;
    windows.push({ index, day: Math.floor((index * slot) / DAY_MS), value, count });
  }
  return windows;
}
