/** Nobody gives what they lack: scopes and roles are given by those who have them, where they have them. */
import { HarnessError, type MemberRole, mayDo, ROLE_SCOPES, type Scope } from "@colophon/kernel";
import type { InstallationDesk } from "./installation-desk.ts";

export interface Giving {
  /** Null for the whole installation. */
  readonly project: string | null;
  /** Null for all environments. */
  readonly environments: readonly string[] | null;
  readonly scopes: readonly Scope[];
}

/** @throws HarnessError `not-allowed` where whoever asks lacks one of the scopes at one of the places. */
export async function requireGivable(desk: InstallationDesk, giving: Giving): Promise<void> {
  const { project, environments, scopes } = giving;
  const rights = await desk.rightsIn(project);
  for (const environment of environments ?? [null]) {
    const lacking = scopes.find((scope) => !mayDo(rights, scope, { environment }));
    if (lacking === undefined) continue;
    throw new HarnessError(
      "not-allowed",
      `Nobody gives what they lack: ${desk.actor.id} has no scope ${lacking} ${placeWords(project, environment)}.`,
    );
  }
}

/** As `requireGivable`, for a role. */
export function requireGivableRole(
  desk: InstallationDesk,
  place: { readonly project: string | null; readonly environment: string | null; readonly role: MemberRole },
): Promise<void> {
  const { project, environment, role } = place;
  const environments = environment === null ? null : [environment];
  return requireGivable(desk, { project, environments, scopes: ROLE_SCOPES[role] });
}

function placeWords(project: string | null, environment: string | null): string {
  if (project === null) return "in the whole installation";
  return environment === null ? `in all of ${project}` : `in ${project}, environment ${environment}`;
}

/** @throws HarnessError `project-unknown`. */
export async function requireProject(desk: InstallationDesk, project: string | null): Promise<void> {
  if (project === null || (await desk.installation.projects.find(project)) !== undefined) return;
  throw new HarnessError(
    "project-unknown",
    `There is no project "${project}"; \`colophon project list\` has those that are there.`,
  );
}
