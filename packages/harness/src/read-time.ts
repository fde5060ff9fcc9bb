/** Reads times as people write them: ISO 8601, or an hour and minute of today in UTC. */
import { type EpochMs, HarnessError } from "@colophon/kernel";

/** A stretch of time: as long as the last digit that was written. */
export interface Moment {
  readonly from: EpochMs;
  /** First millisecond after it. */
  readonly until: EpochMs;
  readonly precision: "minute" | "second" | "millisecond";
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?$/i;
const CLOCK = /^(\d{2}:\d{2}(?::\d{2})?)(?:Z| ?UTC)?$/i;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/**
 * Reads a moment that has begun already. Times without an offset are UTC.
 *
 * @throws HarnessError `time-invalid`.
 * @example
 * readMoment("14:32", Date.now()).precision; // "minute"
 */
export function readMoment(text: string, now: EpochMs): Moment {
  const moment = momentOf(text.trim(), now);
  if (moment === undefined) {
    throw new HarnessError(
      "time-invalid",
      `"${text}" is no time; write ISO 8601 such as 2026-01-16T14:32Z, or 14:32 for today in UTC.`,
    );
  }
  checkPast(moment.from, now);
  return moment;
}

/** @throws HarnessError `time-invalid` for a time that is still to come. */
export function checkPast(at: EpochMs, now: EpochMs): void {
  if (at <= now) return;
  throw new HarnessError(
    "time-invalid",
    `${new Date(at).toISOString()} is still to come; ask about a time that has been.`,
  );
}

/**
 * Reads an instant: ISO 8601 with a time, or a day, which stands for its first millisecond in UTC.
 *
 * @throws HarnessError `time-invalid`.
 * @example
 * readInstant("2026-01-16T14:32Z", "--since");
 */
export function readInstant(text: string, flag: string): EpochMs {
  const trimmed = text.trim();
  const instant = DAY.test(trimmed) ? dayOf(trimmed) : isoOf(trimmed)?.from;
  if (instant !== undefined) return instant;
  throw new HarnessError(
    "time-invalid",
    `${flag} "${text}" is no date; write ISO 8601 such as 2026-01-16 or 2026-01-16T14:32Z.`,
  );
}

function momentOf(text: string, now: EpochMs): Moment | undefined {
  const clock = CLOCK.exec(text)?.[1];
  if (clock === undefined) return isoOf(text);
  return momentAt(Math.floor(now / 86_400_000) * 86_400_000, clock);
}

function isoOf(text: string): Moment | undefined {
  const [, day, time, offset = "Z"] = ISO.exec(text) ?? [];
  const start = day === undefined ? undefined : dayOf(day);
  const shift = offsetOf(offset);
  if (start === undefined || time === undefined || shift === undefined) return undefined;
  return momentAt(start - shift, time);
}

/** Undefined for a day that no calendar has. */
function dayOf(text: string): EpochMs | undefined {
  const at = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) return undefined;
  return at;
}

function offsetOf(text: string): number | undefined {
  if (text.toUpperCase() === "Z") return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

function momentAt(start: EpochMs, time: string): Moment | undefined {
  const [, hours, minutes, seconds, fraction] = TIME.exec(time) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59)
    return undefined;
  const minute = start + (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  if (seconds === undefined) return { from: minute, until: minute + MINUTE_MS, precision: "minute" };
  const second = minute + Number(seconds) * SECOND_MS;
  if (fraction === undefined) return { from: second, until: second + SECOND_MS, precision: "second" };
  const from = second + Number(fraction.padEnd(3, "0"));
  return { from, until: from + 1, precision: "millisecond" };
}
