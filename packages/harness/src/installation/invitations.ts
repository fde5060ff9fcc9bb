/** Invites people into an installation, and lets them in. */
import { HarnessError, type Invitation, type MemberRole } from "@colophon/kernel";
import type { InstallationDesk } from "./installation-desk.ts";
import { isoTime, isoTimeOrNull, readExpiry } from "./iso-time.ts";
import { requireGivableRole, requireProject } from "./may-give.ts";

const WEEK_MS = 7 * 86_400_000;

export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly role: MemberRole;
  readonly invitedBy: string;
  /** ISO 8601. */
  readonly expires: string;
  readonly acceptedAt: string | null;
}

export interface InviteRequest {
  readonly email: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly role: MemberRole;
  /** ISO 8601; in a week unless given. */
  readonly expires?: string;
}

/** An invitation with its token, which is shown once. */
export interface IssuedInvitation {
  readonly invitation: InvitationRow;
  readonly token: string;
}

/** @throws HarnessError `project-unknown`, `not-allowed`, `usage`, `time-invalid`. */
export async function invitePerson(
  desk: InstallationDesk,
  request: InviteRequest,
): Promise<IssuedInvitation> {
  const { email, project, environment, role, expires } = request;
  if (project === null && environment !== null) {
    throw new HarnessError("usage", `"${environment}" is an environment of a project; name the project.`);
  }
  await requireProject(desk, project);
  await requireGivableRole(desk, { project, environment, role });
  const now = desk.clock.now();
  const { invitation, token } = await desk.installation.people.invite({
    ...{ email, project, environment, role, invitedBy: desk.actor.id },
    expires: expires === undefined ? now + WEEK_MS : readExpiry(expires, now),
  });
  return { invitation: rowOf(invitation), token };
}

/** Invitations to the project, or to the whole installation. */
export async function listInvitations(
  { installation }: InstallationDesk,
  { project }: { readonly project: string | null },
): Promise<readonly InvitationRow[]> {
  return (await installation.people.listInvitations(project)).map(rowOf);
}

/** @throws HarnessError `usage` for an invitation that is not open in this project. */
export async function withdrawInvitation(
  { installation }: InstallationDesk,
  { id, project }: { readonly id: string; readonly project: string | null },
): Promise<InvitationRow> {
  const invitation = (await installation.people.listInvitations(project)).find((one) => one.id === id);
  if (invitation !== undefined && (await installation.people.withdrawInvitation(id)))
    return rowOf(invitation);
  throw new HarnessError(
    "usage",
    `There is no open invitation "${id}" here; \`colophon member invitations\` lists them.`,
  );
}

export interface AcceptRequest {
  readonly token: string;
  /** For whoever is new here, and so is the password. */
  readonly name?: string;
  readonly password?: string;
}

/**
 * Lets in whoever has the token: a new person by name and password, or one who is known by the same e-mail,
 * whose account alone is given the role, whoever brings the token.
 *
 * @throws HarnessError `usage` for a token that opens nothing, and for a new person without name and password.
 */
export async function acceptInvitation(
  desk: InstallationDesk,
  request: AcceptRequest,
): Promise<InvitationRow> {
  const { people } = desk.installation;
  const { token, name, password } = request;
  const invitation = await people.findInvitation(token);
  if (invitation === undefined) {
    throw new HarnessError("usage", "This invitation is used, expired or withdrawn; ask for a new one.");
  }
  const { email } = invitation;
  const known = await people.find(email);
  if (known !== undefined) return rowOf(await people.accept(token, known));
  if (name === undefined || password === undefined) {
    throw new HarnessError("usage", `${email} is new here; give a name and a password too.`);
  }
  return rowOf(await people.accept(token, await desk.signIn.register({ email, name, password })));
}

function rowOf({ expires, acceptedAt, ...same }: Invitation): InvitationRow {
  return { ...same, expires: isoTime(expires), acceptedAt: isoTimeOrNull(acceptedAt) };
}
