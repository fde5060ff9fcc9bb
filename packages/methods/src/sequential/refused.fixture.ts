/** The code of the error that a call is refused with. */
import { type ErrorCode, errorCodeOf } from "@colophon/kernel";

export function refusal(call: () => unknown): ErrorCode | undefined {
  try {
    call();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
}
