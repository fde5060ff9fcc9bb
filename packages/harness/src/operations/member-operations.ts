/** Operations on people: what they are where, and how they come in. */
import { z } from "zod";
import {
  acceptInvitation,
  invitePerson,
  listInvitations,
  withdrawInvitation,
} from "../installation/invitations.ts";
import { grantRole, listMembers, revokeRole } from "../installation/members.ts";
import * as shapes from "./installation-shapes.ts";
import { installationOperation } from "./operation.ts";

const LONGEST_TOKEN = 100;
const LONGEST_PASSWORD = 128;

const projectOf = ({ project }: { readonly project: string | null }): string | null => project;
const targetOf = ({ email }: { readonly email: string }): string => email;
/** Where, and as what. */
const detailOf = ({
  environment,
  role,
}: {
  readonly environment: string | null;
  readonly role?: string;
}): string => `${role === undefined ? "" : `${role} `}in ${environment ?? "all environments"}`;
const inProject = z.object({ project: shapes.projectOrNone });
const place = inProject.extend({ environment: shapes.environmentOrAll, email: shapes.email });

export const listMembersOperation = installationOperation({
  name: "member.list",
  method: "GET",
  path: "/members",
  tag: "people",
  summary: "Who has a role in a project, or all memberships of the installation.",
  scope: "admin",
  projectOf,
  input: inProject,
  output: z.array(shapes.member),
  run: listMembers,
});

export const grantRoleOperation = installationOperation({
  name: "member.grant",
  method: "PUT",
  path: "/members",
  tag: "people",
  summary: "Make a person something in a project, one environment of it, or everywhere.",
  scope: "admin",
  projectOf,
  targetOf,
  detailOf,
  input: place.extend({ role: shapes.role }),
  output: shapes.member,
  run: grantRole,
});

export const revokeRoleOperation = installationOperation({
  name: "member.revoke",
  method: "DELETE",
  path: "/members",
  tag: "people",
  summary: "Take back what a person is at a place.",
  scope: "admin",
  projectOf,
  targetOf,
  detailOf,
  input: place,
  output: shapes.memberPlace,
  run: revokeRole,
});

export const invitePersonOperation = installationOperation({
  name: "invitation.create",
  method: "POST",
  path: "/invitations",
  tag: "people",
  summary: "Invite a person; the token is shown this once.",
  scope: "admin",
  projectOf,
  targetOf,
  detailOf,
  input: place.extend({ role: shapes.role, expires: shapes.givenTime.exactOptional() }),
  output: z.object({ invitation: shapes.invitation, token: z.string() }),
  run: invitePerson,
});

export const listInvitationsOperation = installationOperation({
  name: "invitation.list",
  method: "GET",
  path: "/invitations",
  tag: "people",
  summary: "Invitations to a project, or to the whole installation.",
  scope: "admin",
  projectOf,
  input: inProject,
  output: z.array(shapes.invitation),
  run: listInvitations,
});

export const withdrawInvitationOperation = installationOperation({
  name: "invitation.withdraw",
  method: "DELETE",
  path: "/invitations/{id}",
  tag: "people",
  summary: "Close an invitation that nobody has accepted.",
  scope: "admin",
  projectOf,
  targetOf: ({ id }) => id,
  input: inProject.extend({ id: shapes.id }),
  output: shapes.invitation,
  run: withdrawInvitation,
});

export const acceptInvitationOperation = installationOperation({
  name: "invitation.accept",
  method: "POST",
  path: "/invitations/acceptance",
  tag: "people",
  summary: "Come in by an invitation: its token opens the door, for a new person with a name and a password.",
  scope: "read",
  openTo: "everybody",
  projectOf: () => null,
  input: z.object({
    token: z.string().min(1).max(LONGEST_TOKEN),
    name: shapes.name.exactOptional(),
    password: z.string().max(LONGEST_PASSWORD).exactOptional(),
  }),
  output: shapes.invitation,
  learnedOf: ({ email, project, environment, role }) => {
    return { project, environment, target: email, detail: detailOf({ environment, role }) };
  },
  run: acceptInvitation,
});

export const MEMBER_OPERATIONS = [
  listMembersOperation,
  grantRoleOperation,
  revokeRoleOperation,
  invitePersonOperation,
  listInvitationsOperation,
  withdrawInvitationOperation,
  acceptInvitationOperation,
] as const;
