/** What a request carries from one step of the server to the next. */
import type { AuditDraft } from "@colophon/kernel";
import type { Logger } from "pino";
import type { Identity } from "./access/identify.ts";
import type { ProjectVariables } from "./server-parts.ts";

/** What is known of a request before anybody knows who asks. */
export interface RequestVariables {
  readonly requestId: string;
  readonly log: Logger;
  /** Of the socket, or as the proxy in front says. */
  readonly address: string;
  /** What an operation was asked to do, once its input was read. */
  readonly asked?: Pick<AuditDraft, "project" | "environment" | "target">;
}

/** The same, and who asks. */
export interface IdentityVariables extends RequestVariables {
  readonly identity: Identity;
}

export interface RequestEnv {
  Variables: RequestVariables;
}

export interface IdentityEnv {
  Variables: IdentityVariables;
}

/** A request below `/v1/projects/{project}`. */
export interface ProjectEnv {
  Variables: IdentityVariables & ProjectVariables;
}
