/** Puts an operation that takes its time down as a job, for whichever server is free. */
import type { JobOperation } from "@colophon/harness";
import type { Job } from "@colophon/kernel";
import type { Caller, ServerParts } from "../server-parts.ts";

export interface JobToStart {
  readonly operation: Pick<JobOperation, "name">;
  /** As the operation's schema read it. */
  readonly input: object;
}

/** @returns the job as it was put down; who may start it was asked before. */
export function startJob(
  { desk }: Pick<ServerParts, "desk">,
  { actor, project }: Pick<Caller, "actor"> & { readonly project: string },
  { operation, input }: JobToStart,
): Promise<Job> {
  return desk.installation.jobs.enqueue({ project, operation: operation.name, input, by: actor });
}
