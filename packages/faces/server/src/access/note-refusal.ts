/** Writes refusals down in the audit log; those of strangers only so many. */
import { type Actor, type ErrorCode, errorCodeOf } from "@colophon/kernel";
import type { Context } from "hono";
import type { ServerParts } from "../server-parts.ts";
import type { IdentityVariables } from "../server-variables.ts";
import type { RateLimits } from "./rate-limits.ts";

export interface RefusalParts extends Pick<ServerParts, "desk" | "log"> {
  readonly rates: RateLimits;
  /** The name of the operation that a request asks for. */
  readonly actionOf: (context: Context) => string;
}

/** At the door, and at a gate. */
const REFUSALS: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>([
  "not-signed-in",
  "not-allowed",
  "project-unknown",
  "evidence-missing",
]);

export const NOBODY: Actor = { id: "nobody", via: "server" };
/** What may be the id of a project. */
const PROJECT_ID = /^[a-z][a-z0-9-]{0,39}$/;

export function isRefusal(error: unknown): boolean {
  return REFUSALS.has(errorCodeOf(error));
}

/** The refusal stands, whether or not it can be written down. */
export async function noteRefusal(parts: RefusalParts, context: Context, error: unknown): Promise<void> {
  const code = errorCodeOf(error);
  const { identity, address, log, asked } = context.var as Partial<IdentityVariables>;
  if (identity === undefined && !(await parts.rates.mayNote(address ?? "unknown"))) return;
  const named = context.req.param("project");
  const entry = {
    actor: identity?.actor ?? NOBODY,
    project: context.var.project ?? (named !== undefined && PROJECT_ID.test(named) ? named : null),
    environment: null,
    target: null,
    ...asked,
    action: parts.actionOf(context),
    allowed: false,
    detail: identity === undefined ? `${code}, from ${address}` : `${code}`,
  };
  try {
    await parts.desk.installation.audit.append(entry);
  } catch (cause) {
    (log ?? parts.log).error({ err: cause, code }, "a refusal could not be written to the audit log");
  }
}
