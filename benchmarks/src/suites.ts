/** The suites by their names, in the order in which they run. */
import type { Suite } from "./suite.ts";

export interface SuiteEntry {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  /** Loaded only in the process that runs it. */
  readonly load: () => Promise<Suite>;
}

export const SUITES: readonly SuiteEntry[] = [
  {
    name: "hot-path",
    about: "resolve and render through the SDK, nanoseconds per call",
    load: async () => (await import("./suites/hot-path.ts")).hotPath,
  },
  {
    name: "langfuse",
    about: "the same prompt through the Langfuse client's cached get and compile",
    load: async () => (await import("./suites/langfuse.ts")).langfuse,
  },
  {
    name: "render",
    about: "the renderer alone, beside Handlebars and a template literal",
    load: async () => (await import("./suites/render.ts")).render,
  },
  {
    name: "record",
    about: "resolve, render and a durable row in the embedded store",
    load: async () => (await import("./suites/record.ts")).record,
  },
  {
    name: "telemetry",
    about: "what OpenTelemetry adds to a record: none, an API that does nothing, an SDK that batches",
    load: async () => (await import("./suites/telemetry.ts")).telemetry,
  },
  {
    name: "stream",
    about: "what record adds to each chunk of a streamed answer",
    load: async () => (await import("./suites/stream.ts")).stream,
  },
  {
    name: "shadow",
    about: "a caller's latency while none, a tenth and all of its calls are repeated on a challenger",
    load: async () => (await import("./suites/shadow.ts")).shadow,
  },
  {
    name: "ledger",
    about: "appending to the ledger beside bare inserts of the same row, and bytes per row",
    load: async () => (await import("./suites/ledger.ts")).ledger,
  },
  {
    name: "at",
    about: "what was served at a minute, in a store of ten million rows",
    load: async () => (await import("./suites/at.ts")).at,
  },
  {
    name: "costs",
    about: "what a month cost, by prompt and by tenant, in the same store, and folding rows into its sums",
    load: async () => (await import("./suites/costs.ts")).costs,
  },
  {
    name: "memory",
    about: "a large registry in memory, loading it, and how fast a release arrives",
    load: async () => (await import("./suites/memory.ts")).memory,
  },
];

export function findSuite(name: string): SuiteEntry | undefined {
  return SUITES.find((suite) => suite.name === name);
}
