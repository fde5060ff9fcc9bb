/** Says in which part of a body an error is, since line and column are those of that part. */
import { errorCodeOf, HarnessError } from "../errors.ts";
import { say, words } from "../say.ts";

export type ErrorPlace = { readonly partial: string } | { readonly message: number };

/** Errors that name no line, or name their part already, pass as they are. */
export function locateErrors<T>(place: ErrorPlace, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = errorCodeOf(cause);
    const { message, details } = cause as Pick<HarnessError, "message" | "details">;
    if (code === undefined || details?.line === undefined) throw cause;
    if (details.partial !== undefined || details.message !== undefined) throw cause;
    const name = words(() => Object.entries(place).flat().join(" "));
    throw new HarnessError(code, say`In ${name}: ${message}`, { cause, details: { ...details, ...place } });
  }
}
