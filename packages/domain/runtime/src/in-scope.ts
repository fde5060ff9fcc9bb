/** Whether a call belongs to the part of the traffic that a rollout is about. */
import type { AssignmentPlan } from "@colophon/kernel";
import type { ResolveContext } from "./declaration.ts";

export function inScope(where: AssignmentPlan["where"], context: ResolveContext): boolean {
  const { documentType = context.documentType, tenant = context.tenant } = where ?? {};
  return documentType === context.documentType && tenant === context.tenant;
}
