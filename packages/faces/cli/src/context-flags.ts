/** The flags that say for whom, where and by whose code a prompt is resolved. */
import type { ResolveQuery } from "@colophon/harness";
import type { Command } from "commander";
import type { GlobalFlags } from "./cli.ts";
import { applicationOf } from "./read-flags.ts";

export interface ContextFlags extends GlobalFlags {
  readonly user?: string;
  readonly tenant?: string;
  readonly document?: string;
  readonly documentType?: string;
  readonly session?: string;
  readonly locale?: string;
  readonly application?: string;
}

export function withContext(command: Command): Command {
  return command
    .option("--user <id>", "for this user")
    .option("--tenant <id>", "for this tenant")
    .option("--document <id>", "for this document")
    .option("--document-type <type>", "for a document of this type")
    .option("--session <id>", "in this session")
    .option(
      "--application <name>",
      "as the code of this application (- has no name); else what declared it last",
    );
}

/** What the flags say of a query, without what was not given. */
export function contextOf(flags: ContextFlags): Partial<ResolveQuery> {
  const { user, tenant, document, documentType, session, locale } = flags;
  const application = flags.application === undefined ? undefined : applicationOf(flags.application);
  const given = Object.entries({ user, tenant, document, documentType, session, locale, application });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
