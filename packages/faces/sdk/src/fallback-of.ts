/** Reads the `fallback` of `open` where all of it is at hand. */
import { type Fallback, type FallbackPolicy, modelFallback } from "@colophon/runtime";

/** A policy, or what was made of one. */
export type FallbackOption = FallbackPolicy | Fallback;

/** The fallback by a policy. */
export function fallbackOf(option: FallbackOption = {}): Fallback {
  return "record" in option ? option : modelFallback(option);
}
