/** Reads until when something is to hold: a duration from now on, or a time. */
import { readDuration, readInstant } from "@colophon/harness";
import type { EpochMs } from "@colophon/kernel";

/** As a field of a request, absent where the flag is. @throws HarnessError `time-invalid`. */
export function expiryFlag(text: string | undefined, now: EpochMs): { readonly expires?: string } {
  if (text === undefined) return {};
  const duration = readDuration(text);
  const at = duration === undefined ? readInstant(text, "--expires") : now + duration;
  return { expires: new Date(at).toISOString() };
}
