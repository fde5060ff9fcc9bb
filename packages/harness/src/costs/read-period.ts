/** Reads stretches of time as people write them: `2h` back from now, a date, or two dates. */
import { type EpochMs, HarnessError } from "@colophon/kernel";
import { readInstant } from "../read-time.ts";

export interface Period {
  /** First millisecond, inclusive. */
  readonly since: EpochMs;
  /** Last millisecond, exclusive. */
  readonly until: EpochMs;
}

const DURATION = /^(\d{1,6})\s*(s|m|h|d|w)$/i;
const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * The duration of `10s`, `30m`, `2h`, `7d` or `1w` in milliseconds; undefined for anything else and for 0.
 *
 * @example
 * readDuration("2h"); // 7_200_000
 */
export function readDuration(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text.trim()) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return Number(count) * (UNITS[unit.toLowerCase()] ?? 0) || undefined;
}

/**
 * Reads when a period begins: a duration back from now, or an instant.
 *
 * @throws HarnessError `time-invalid`.
 * @example
 * const since = readSince("7d", "--since", Date.now());
 */
export function readSince(text: string, flag: string, now: EpochMs): EpochMs {
  const duration = readDuration(text);
  if (duration !== undefined) return now - duration;
  try {
    return readInstant(text, flag);
  } catch (cause) {
    throw new HarnessError(
      "time-invalid",
      `${flag} "${text}" is no time; write a duration such as 2h or 7d, or ISO 8601 such as 2026-01-16T14:32Z.`,
      { cause },
    );
  }
}

/**
 * Reads two instants with `..` between them.
 *
 * @throws HarnessError `time-invalid`, and `usage` where they are the wrong way round.
 * @example
 * const { since, until } = readRange("2026-01-09..2026-01-10", "--before");
 */
export function readRange(text: string, flag: string): Period {
  const [from, to, ...more] = text.split("..");
  if (from === undefined || to === undefined || more.length > 0) {
    throw new HarnessError(
      "time-invalid",
      `${flag} "${text}" is no stretch of time; write two times with .. between them, such as 2026-01-09..2026-01-10.`,
    );
  }
  const period = { since: readInstant(from, flag), until: readInstant(to, flag) };
  if (period.since < period.until) return period;
  throw new HarnessError("usage", `${flag} ${text} ends before it begins; swap the times.`);
}
