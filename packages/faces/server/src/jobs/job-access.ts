/** Says who may see a job, and who may end it. */
import { errorCodeOf, type Job, mayDo, type Right } from "@colophon/kernel";
import { authorize } from "../access/authorize.ts";
import { jobOperation } from "./job-operation.ts";

type Asked = Pick<Job, "operation" | "input">;

/** Whoever may start such a job may end it; one that this server does not know, whoever may do anything. */
export function mayEnd(rights: readonly Right[], job: Asked): boolean {
  const operation = jobOperation(job.operation);
  if (operation === undefined) return mayDo(rights, "admin", { environment: null });
  return isLetIn(() => authorize(rights, operation, job.input as object));
}

/** Whoever may read where it works, and whoever may start such a job: a key to evaluate has to hear what came of it. */
export function maySee(rights: readonly Right[], job: Asked): boolean {
  const operation = jobOperation(job.operation);
  if (operation === undefined) return mayDo(rights, "read", { environment: null });
  const { isException: _, ...reading } = { ...operation, scope: "read" as const };
  return isLetIn(() => authorize(rights, reading, job.input as object)) || mayEnd(rights, job);
}

function isLetIn(ask: () => void): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (errorCodeOf(error) === "not-allowed") return false;
    throw error;
  }
}
