/** The projects of an installation. */
import { HarnessError, type Project, type Projects } from "@colophon/kernel";
import type { ProjectTable } from "../database/tables.ts";
import { ask, askFirst, type Work } from "../database/work.ts";
import type { PortParts } from "./port-parts.ts";

const PROJECT_ID = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
/** A project's schema is called as it is, and one of them is the installation's own; so is a key's project in a path. */
const RESERVED: readonly string[] = ["installation"];
const LONGEST_NAME = 200;

export function createProjects({ database, clock }: PortParts): Projects {
  const { builder } = database;
  const all = builder.selectFrom("project").selectAll().orderBy("created_at").orderBy("id");
  return {
    async create({ id, name }) {
      checkProject(id, name);
      const project: Project = { id, name, createdAt: clock.now() };
      const made = await database.write(function* (): Work<readonly unknown[]> {
        return yield* ask(
          builder
            .insertInto("project")
            .values({ id, name, created_at: project.createdAt })
            .onConflict((conflict) => conflict.doNothing())
            .returning("id"),
        );
      });
      if (made.length === 0) {
        throw new HarnessError("usage", `There is a project "${id}" already; give this one another id.`);
      }
      return project;
    },
    list: async () => (await database.read(() => ask(all))).map(projectOf),
    async find(id) {
      const row = await database.read(() => askFirst(all.where("id", "=", id)));
      return row && projectOf(row);
    },
  };
}

function checkProject(id: string, name: string): void {
  if (!PROJECT_ID.test(id) || RESERVED.includes(id)) {
    throw new HarnessError(
      "usage",
      `"${id}" cannot be a project's id; give lower-case letters, digits and hyphens, a letter first, 40 at most${RESERVED.includes(id) ? `, and not "${id}", which names the installation itself` : ""}.`,
    );
  }
  if (name.trim() === "" || name.length > LONGEST_NAME) {
    throw new HarnessError("usage", `A project's name has 1 to ${LONGEST_NAME} characters.`);
  }
}

function projectOf({ id, name, created_at }: ProjectTable): Project {
  return { id, name, createdAt: created_at };
}
