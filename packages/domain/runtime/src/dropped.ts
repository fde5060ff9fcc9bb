/** Finds out about results that the application drops unread: aborted calls, once the collector has found them. */

/** What ends when nobody holds a result any more. */
export interface Droppable {
  abort(): unknown;
}

const registry = new FinalizationRegistry<Droppable>((run) => run.abort());

/** Aborts the execution when the result is collected; the execution may not hold the result. */
export function abortWhenDropped(result: object, run: Droppable): void {
  registry.register(result, run, run);
}

/** The result was used: from now on whoever reads it ends the execution. */
export function wasUsed(run: Droppable): void {
  registry.unregister(run);
}
