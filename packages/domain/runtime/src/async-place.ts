/** Carries traces through asynchronous code, on platforms that have `AsyncLocalStorage`. */
import type { AsyncPlace, TracePlace } from "./tracing.ts";

type StorageClass = new () => AsyncPlace;

/** Node, Bun, Deno and Workers have the class among their modules, edge runtimes as a global. */
interface Platform {
  readonly AsyncLocalStorage?: StorageClass;
  readonly process?: {
    getBuiltinModule?(name: string): { readonly AsyncLocalStorage?: StorageClass } | undefined;
  };
}

function findStorage(): StorageClass | undefined {
  const { AsyncLocalStorage, process } = globalThis as Platform;
  return AsyncLocalStorage ?? process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
}

/**
 * A place that makes its storage with the first trace: while there is one, older versions of Node are
 * slower at every promise. Where the platform has none, tasks run without a place.
 */
export function createAsyncPlace(): AsyncPlace {
  let storage: AsyncPlace | undefined;
  return {
    getStore: () => storage?.getStore(),
    run<R>(place: TracePlace, task: () => R): R {
      if (storage === undefined) {
        const Storage = findStorage();
        if (Storage === undefined) return task();
        storage = new Storage();
      }
      return storage.run(place, task);
    },
  };
}
