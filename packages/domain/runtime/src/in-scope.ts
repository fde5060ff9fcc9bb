/** Whether a call belongs to the part of the traffic that a rollout is about. */
import type { AssignmentPlan } from "@colophon/kernel";
import type { ResolveContext } from "./declaration.ts";

export function inScope(
  where: AssignmentPlan["where"],
  { documentType, tenant }: Pick<ResolveContext, "documentType" | "tenant">,
): boolean {
  return (
    (where?.documentType === undefined || where.documentType === documentType) &&
    (where?.tenant === undefined || where.tenant === tenant)
  );
}
