/** An e-value: what a bet against a null hypothesis has earned, and when that is too much for chance. */
import { HarnessError } from "@colophon/kernel";
import { probability } from "../statistics/distributions.ts";

/**
 * The wealth of a bettor who began with 1 and bet against the null hypothesis, on the scale of natural
 * logarithms. Where each factor has a mean of at most 1 given the past (a test supermartingale), the
 * chance under the null that the wealth ever reaches 1/α is at most α (Ville's inequality), however
 * often, and for whatever reason, one looks.
 */
export interface EValue {
  readonly log: number;
  /** The largest it has been: looks that were missed are made up for. */
  readonly peak: number;
}

export const NO_EVIDENCE: EValue = { log: 0, peak: 0 };

export function grownBy({ log, peak }: EValue, logFactor: number): EValue {
  return grownTo({ log, peak }, log + logFactor);
}

export function grownTo({ peak }: EValue, log: number): EValue {
  return { log, peak: Math.max(peak, log) };
}

/**
 * Whether the null hypothesis is rejected at `alpha`: whether the wealth has ever reached 1/α.
 *
 * @throws HarnessError `usage` for an alpha that is no probability.
 */
export function rejects({ peak }: EValue, alpha: number): boolean {
  return peak >= -Math.log(probability(alpha));
}

/** Gives a value from 0 to 1 back. @throws HarnessError `usage` for any other. */
export function unitValue(value: number, what: string): number {
  if (value >= 0 && value <= 1) return value;
  throw new HarnessError("usage", `${what} is ${value}; give a number from 0 to 1.`);
}
