/** Runs one suite in a process of its own, so that no suite inherits another's heap, and sends the report to its parent. */
import type { SuiteReport } from "./suite.ts";
import { findSuite } from "./suites.ts";

/** What the parent passes as the first argument, as JSON. */
export interface SuiteJob {
  readonly name: string;
  readonly quick: boolean;
  readonly rows: number | null;
  readonly shared: string;
}

/** What the process sends to its parent. */
export type SuiteMessage =
  | { readonly kind: "said"; readonly message: string }
  | { readonly kind: "done"; readonly report: SuiteReport };

function send(message: SuiteMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) throw new Error("Run benchmarks/src/main.ts; it starts this file.");
    process.send(message, undefined, {}, () => resolve());
  });
}

async function main(): Promise<void> {
  const { name, quick, rows, shared } = JSON.parse(process.argv[2] ?? "{}") as SuiteJob;
  const entry = findSuite(name);
  if (entry === undefined) throw new Error(`There is no suite "${name}".`);
  const suite = await entry.load();
  const say = (message: string): void => void send({ kind: "said", message });
  await send({ kind: "done", report: await suite({ quick, rows, shared, say }) });
  // Clients under comparison keep timers of their own.
  process.exit(0);
}

await main();
