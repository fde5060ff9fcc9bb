/** Invitations: a role that waits for whoever has the token and the e-mail. */
import { HarnessError, type Invitation, type MemberRole, type People } from "@colophon/kernel";
import { checkEmail } from "../check-email.ts";
import type { InvitationTable } from "../database/tables.ts";
import { ask, askFirst, type Work } from "../database/work.ts";
import { grantRole } from "./grant-role.ts";
import type { PortParts } from "./port-parts.ts";
import { hashToken, randomToken } from "./random-token.ts";

const PREFIX = "inv_";

export function createInvitations({
  database,
  clock,
  random,
  ids,
}: PortParts): Pick<
  People,
  "invite" | "listInvitations" | "withdrawInvitation" | "findInvitation" | "accept"
> {
  const { builder } = database;
  return {
    async invite(request) {
      const email = request.email.trim().toLowerCase();
      checkEmail(email);
      const token = `${PREFIX}${randomToken(random)}`;
      const invitation: Invitation = {
        ...request,
        email,
        id: ids.next(),
        acceptedAt: null,
      };
      const row = { ...rowOf(invitation), token_hash: hashToken(token) };
      await database.write(() => ask(builder.insertInto("invitation").values(row)));
      return { invitation, token };
    },
    async listInvitations(project) {
      const rows = builder.selectFrom("invitation").selectAll().orderBy("id");
      const place =
        project === null ? rows.where("project", "is", null) : rows.where("project", "=", project);
      return (await database.read(() => ask(place))).map(invitationOf);
    },
    async withdrawInvitation(id) {
      const gone = builder
        .deleteFrom("invitation")
        .where("id", "=", id)
        .where("accepted_at", "is", null)
        .returning("id");
      return (await database.write(() => ask(gone))).length > 0;
    },
    async findInvitation(token) {
      const open = builder
        .selectFrom("invitation")
        .selectAll()
        .where("token_hash", "=", hashToken(token))
        .where("accepted_at", "is", null)
        .where("expires", ">", clock.now());
      const row = await database.read(() => askFirst(open));
      return row && invitationOf(row);
    },
    accept: (token, person) =>
      database.write(function* (): Work<Invitation> {
        const now = clock.now();
        const row = yield* askFirst(
          builder
            .updateTable("invitation")
            .set({ accepted_at: now })
            .where("token_hash", "=", hashToken(token))
            .where("email", "=", person.email.toLowerCase())
            .where("accepted_at", "is", null)
            .where("expires", ">", now)
            .returningAll(),
        );
        // Why it opens nothing is not said: whoever tries tokens learns nothing of people.
        if (row === undefined) {
          throw new HarnessError(
            "usage",
            "This invitation is used, expired, withdrawn or another person's; ask for a new one.",
          );
        }
        const invitation = invitationOf(row);
        yield* grantRole(database, { ...invitation, person: person.id }, now);
        return invitation;
      }),
  };
}

function rowOf(invitation: Invitation): Omit<InvitationTable, "token_hash"> {
  const { invitedBy, acceptedAt, ...same } = invitation;
  return { ...same, invited_by: invitedBy, accepted_at: acceptedAt };
}

function invitationOf(row: InvitationTable): Invitation {
  const { invited_by, accepted_at, token_hash: _, role, ...same } = row;
  return { ...same, role: role as MemberRole, invitedBy: invited_by, acceptedAt: accepted_at };
}
