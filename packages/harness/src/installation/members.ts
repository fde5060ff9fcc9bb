/** What people are in the projects of an installation. */
import { HarnessError, type MemberRole, type Membership, type Person } from "@colophon/kernel";
import type { InstallationDesk } from "./installation-desk.ts";
import { isoTime } from "./iso-time.ts";
import { requireGivableRole, requireProject } from "./may-give.ts";

/** Where a person is something. */
export interface MemberPlace {
  readonly email: string;
  /** Null for the whole installation. */
  readonly project: string | null;
  /** Null for all environments of the project. */
  readonly environment: string | null;
}

export interface MemberRow extends MemberPlace {
  readonly name: string;
  readonly role: MemberRole;
  /** ISO 8601. */
  readonly grantedAt: string;
}

/** Those with a role in the project, those of the whole installation among them; null lists all memberships. */
export async function listMembers(
  { installation }: InstallationDesk,
  { project }: { readonly project: string | null },
): Promise<readonly MemberRow[]> {
  const memberships = await installation.people.listMemberships(project === null ? {} : { project });
  return memberships.map(rowOf);
}

/**
 * Makes a person something in a project, in one environment of it, or everywhere; replaces what they were there.
 *
 * @throws HarnessError `usage` for a person who is not there, `project-unknown`, `not-allowed`.
 */
export async function grantRole(
  desk: InstallationDesk,
  request: MemberPlace & { readonly role: MemberRole },
): Promise<MemberRow> {
  const { project, environment, role } = request;
  await requireProject(desk, project);
  await requireGivableRole(desk, { project, environment, role });
  const person = await findPerson(desk, request.email);
  await desk.installation.people.grant({ person: person.id, project, environment, role });
  const memberships = await desk.installation.people.listMemberships({ person: person.id });
  const granted = memberships.find((one) => one.project === project && one.environment === environment);
  if (granted === undefined)
    throw new HarnessError("usage", `${person.email} lost the role meanwhile; grant it anew.`);
  return rowOf(granted);
}

/** Takes back what a person is at a place. @throws HarnessError `usage` for one who is nothing there. */
export async function revokeRole(desk: InstallationDesk, place: MemberPlace): Promise<MemberPlace> {
  const { project, environment } = place;
  const person = await findPerson(desk, place.email);
  if (await desk.installation.people.revoke({ person: person.id, project, environment })) {
    return { email: person.email, project, environment };
  }
  throw new HarnessError(
    "usage",
    `${person.email} has no role just there; \`colophon member list\` says where they have one.`,
  );
}

async function findPerson({ installation }: InstallationDesk, email: string): Promise<Person> {
  const person = await installation.people.find(email);
  if (person !== undefined) return person;
  throw new HarnessError("usage", `There is nobody with the e-mail ${email}; invite them first.`);
}

function rowOf({ person, project, environment, role, grantedAt }: Membership): MemberRow {
  const { email, name } = person;
  return { email, name, project, environment, role, grantedAt: isoTime(grantedAt) };
}
