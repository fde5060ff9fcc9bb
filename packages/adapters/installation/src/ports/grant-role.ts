/** Grants a role, inside of whatever transaction it belongs to. */
import { HarnessError, type People } from "@colophon/kernel";
import type { Database } from "../database/database.ts";
import { askFirst, type Work } from "../database/work.ts";

type Granted = Parameters<People["grant"]>[0];

/** Makes the person what the membership says; what they were at this place before is over. */
export function* grantRole(
  { builder }: Database,
  { person, project, environment, role }: Granted,
  at: number,
): Work<void> {
  if (project === null && environment !== null) {
    throw new HarnessError(
      "usage",
      `"${environment}" is an environment of a project; name the project, or leave the environment out.`,
    );
  }
  const known = yield* askFirst(builder.selectFrom("person").select("id").where("id", "=", person));
  if (known === undefined) {
    throw new HarnessError("usage", `There is no person "${person}"; invite them first.`);
  }
  const place = { person, project: project ?? "", environment: environment ?? "" };
  yield builder
    .insertInto("membership")
    .values({ ...place, role, granted_at: at })
    .onConflict((conflict) =>
      conflict.columns(["person", "project", "environment"]).doUpdateSet({ role, granted_at: at }),
    )
    .compile();
}
