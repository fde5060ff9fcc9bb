/** Has V8 collect early: on a large machine it would rather let garbage grow to several times what is held. */
import { setFlagsFromString } from "node:v8";

/**
 * For commands that go through as many cases as there may be. The young generation stays as small as it is by
 * now, and the old one grows by little at a time.
 */
export function spareMemory(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--optimize-for-size");
}
