/** Chooses calls to be scored by their id alone, so that whoever looks chooses the same. */
import { type ExecutionId, sha256 } from "@colophon/kernel";

/** 52 bits, which a number holds exactly. */
const DIGITS = 13;

/**
 * A larger share chooses all that a smaller one does.
 *
 * @param share of the calls, in [0, 1].
 */
export function isInSample(execution: ExecutionId, share: number): boolean {
  // The id's own bits are its time first: two calls of one moment must not go together.
  return Number.parseInt(sha256(`score ${execution}`).slice(0, DIGITS), 16) / 16 ** DIGITS < share;
}
