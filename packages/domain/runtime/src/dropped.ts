/** Finds out about results that the application drops unread: aborted calls, once the collector has found them. */
import type { Ending } from "./recording.ts";

const registry = new FinalizationRegistry<Ending>((run) => run.abort());

/** Aborts the execution when the result is collected; the execution may not hold the result. */
export function abortWhenDropped(result: object, run: Ending): void {
  registry.register(result, run, run);
}

/** The result was used: from now on whoever reads it ends the execution. */
export function wasUsed(run: Ending): void {
  registry.unregister(run);
}
