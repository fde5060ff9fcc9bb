/** Runs an operation on an installation at hand, and writes what it changed into the audit log. */
import type { InstallationOperation } from "../operations/operation.ts";
import type { InstallationDesk } from "./installation-desk.ts";

/** @throws HarnessError what the operation throws, and what the audit log throws where it was done but could not be written down. */
export async function runAudited<I extends object, R>(
  desk: InstallationDesk,
  operation: InstallationOperation<InstallationOperation["input"], InstallationOperation["output"], I, R>,
  input: I,
): Promise<R> {
  const output = await operation.run(desk, input);
  if (operation.isRead ?? operation.method === "GET") return output;
  await desk.installation.audit.append({
    actor: desk.actor,
    project: operation.projectOf(input),
    environment: null,
    action: operation.name,
    target: operation.targetOf?.(input) ?? null,
    allowed: true,
    detail: operation.detailOf?.(input) ?? null,
    ...operation.learnedOf?.(output),
  });
  return output;
}
