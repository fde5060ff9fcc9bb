/** Times of an installation as people and scripts read them. */
import { type EpochMs, HarnessError } from "@colophon/kernel";
import { readInstant } from "../read-time.ts";

/** ISO 8601 in UTC. */
export function isoTime(at: EpochMs): string {
  return new Date(at).toISOString();
}

export function isoTimeOrNull(at: EpochMs | null): string | null {
  return at === null ? null : isoTime(at);
}

/** Reads when something ends. @throws HarnessError `time-invalid`, or `usage` where that has passed already. */
export function readExpiry(text: string, now: EpochMs): EpochMs {
  const at = readInstant(text, "expires");
  if (at > now) return at;
  throw new HarnessError("usage", `It would have expired at ${isoTime(at)} already; give a time to come.`);
}
