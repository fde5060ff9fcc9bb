/** Waits for what a real server or process brings about. */

/** @throws Error saying what was there instead when it does not come within a minute. */
export async function until(condition: () => boolean, describe: () => unknown = () => ""): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`It does not come: ${JSON.stringify(describe())}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
