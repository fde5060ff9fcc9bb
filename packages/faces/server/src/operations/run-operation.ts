/** Runs an operation for a caller: what changes something is in the audit log before it is answered. */
import type { AnyOperation } from "@colophon/harness";
import { type AuditDraft, HarnessError } from "@colophon/kernel";
import type { ServerParts } from "../server-parts.ts";

/** Where and for whom. */
export interface RunPlace extends Pick<AuditDraft, "actor" | "project"> {
  readonly desk: ServerParts["desk"];
}

function isRead({ method, isRead: said }: AnyOperation): boolean {
  return said ?? method === "GET";
}

/**
 * @param run is awaited before the entry is written, so that the log tells what was done.
 * @throws HarnessError `store-unavailable` when it was done but could not be written down.
 */
export async function runOperation<T>(
  place: RunPlace,
  { operation, input }: { readonly operation: AnyOperation; readonly input: object },
  run: () => Promise<T>,
): Promise<T> {
  const output = await run();
  if (isRead(operation)) return output;
  const { desk, actor, project } = place;
  const learned = operation.kind === "installation" ? operation.learnedOf?.(output) : undefined;
  await auditChange(desk, { ...factsOf(operation, input), actor, project, allowed: true, ...learned });
  return output;
}

/** @throws HarnessError `store-unavailable` for what was done but could not be written down. */
export async function auditChange(desk: ServerParts["desk"], entry: AuditDraft): Promise<void> {
  try {
    await desk.installation.audit.append(entry);
  } catch (cause) {
    throw new HarnessError(
      "store-unavailable",
      `${entry.action} was done but could not be written to the audit log; look before you try again.`,
      { cause },
    );
  }
}

function factsOf(
  operation: AnyOperation,
  input: object,
): Pick<AuditDraft, "action" | "detail"> & AuditSubject {
  return {
    ...subjectOf(operation, input),
    action: operation.name,
    detail: detailOf(operation, input),
  };
}

function detailOf(operation: AnyOperation, input: object): string | null {
  if (operation.isException?.(input as never) === true) return "as an exception, without evidence";
  return operation.kind === "installation" ? (operation.detailOf?.(input as never) ?? null) : null;
}

type AuditSubject = Pick<AuditDraft, "target" | "environment">;

/** What the audit log says an operation is done to, whether it is done or refused. */
export function subjectOf(operation: AnyOperation, input: object): AuditSubject {
  const where = operation.kind === "installation" ? undefined : operation.where;
  return {
    target: operation.targetOf?.(input as never) ?? null,
    environment: typeof where === "function" ? where(input as never) : null,
  };
}
