/** The reason that releases, rollbacks and withdrawals keep. */
import { HarnessError } from "@colophon/kernel";

/** What a person wrote to explain a change, without the space around it. @throws HarnessError `reason-missing`. */
export function writtenReason(reason: string | undefined, what: string): string {
  const written = reason?.trim() ?? "";
  if (written !== "") return written;
  throw new HarnessError("reason-missing", `${what} needs a written reason: add --reason TEXT.`);
}
