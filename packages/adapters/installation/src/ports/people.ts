/** People, what they are in projects, and how they come in. */
import { type MemberRole, type Membership, type People, type Person, ROLE_SCOPES } from "@colophon/kernel";
import type { MembershipTable } from "../database/tables.ts";
import { ask, askFirst } from "../database/work.ts";
import { grantRole } from "./grant-role.ts";
import { createInvitations } from "./invitations.ts";
import type { PortParts } from "./port-parts.ts";

export function createPeople(parts: PortParts): People {
  const { database, clock } = parts;
  const { builder } = database;
  return {
    find: (email) =>
      database.read(() =>
        askFirst(
          builder
            .selectFrom("person")
            .select(["id", "email", "name"])
            .where("email", "=", email.trim().toLowerCase()),
        ),
      ),
    async listMemberships({ project, person }) {
      let rows = builder
        .selectFrom("membership")
        .innerJoin("person as who", "who.id", "membership.person")
        .select(["who.id", "who.email", "who.name", "project", "environment", "role", "granted_at"])
        .orderBy("who.email")
        .orderBy("project")
        .orderBy("environment");
      if (project !== undefined) rows = rows.where("project", "in", ["", project]);
      if (person !== undefined) rows = rows.where("membership.person", "=", person);
      return (await database.read(() => ask(rows))).map(membershipOf);
    },
    grant: (membership) =>
      database.write(function* () {
        yield* grantRole(database, membership, clock.now());
      }),
    async revoke({ person, project, environment }) {
      const gone = builder
        .deleteFrom("membership")
        .where("person", "=", person)
        .where("project", "=", project ?? "")
        .where("environment", "=", environment ?? "")
        .returning("person");
      return (await database.write(() => ask(gone))).length > 0;
    },
    async rightsOf(person, project) {
      const rows = builder
        .selectFrom("membership")
        .select(["role", "environment"])
        .where("person", "=", person)
        .where("project", "in", project === null ? [""] : ["", project]);
      return (await database.read(() => ask(rows))).map(({ role, environment }) => ({
        scopes: ROLE_SCOPES[role as MemberRole],
        environment: environment === "" ? null : environment,
      }));
    },
    ...createInvitations(parts),
  };
}

function membershipOf({
  id,
  email,
  name,
  ...row
}: Omit<MembershipTable, "person"> & Pick<Person, "id" | "email" | "name">): Membership {
  return {
    person: { id, email, name },
    project: row.project === "" ? null : row.project,
    environment: row.environment === "" ? null : row.environment,
    role: row.role as MemberRole,
    grantedAt: row.granted_at,
  };
}
