/** Hands work to the platform, so that it does not freeze the function before the work is done. */

/** Outside of a request platforms refuse work, which goes on all the same: nobody is to be hurt by that. */
export function keepAwake(
  work: Promise<unknown>,
  waitUntil: ((work: Promise<unknown>) => void) | undefined,
): void {
  try {
    waitUntil?.(work);
  } catch {
    // The next flush, or the next resolution, sees to it.
  }
}
