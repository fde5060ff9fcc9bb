/** Finds the operation that a job does. */
import { type AnyOperation, type JobOperation, OPERATIONS } from "@colophon/harness";

/** Undefined for a name that this server does not know, such as one of a newer server. */
export function jobOperation(name: string): JobOperation | undefined {
  const operations: readonly AnyOperation[] = OPERATIONS;
  return operations.find((one): one is JobOperation => one.kind === "job" && one.name === name);
}
